package dev.hubbub.dispatch;

import dev.hubbub.Event;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The signature of an {@code @OnEvent} method, for the contract of the application.
 *
 * @param data the type to which the data is bound; {@code Object} if the handler reads it by itself, null if it ignores it
 * @param required whether the data must be there
 * @param room whether the data names a room
 * @param attachment whether the handler takes bytes
 * @param result the type of the acknowledgement's data; null for none
 * @param errors the application's error codes
 * @param roles the client must have one of them; null if every client may send the event
 */
public record EventMethod(
        String name,
        Type data,
        boolean required,
        boolean room,
        boolean attachment,
        Type result,
        List<String> errors,
        Set<String> roles) {
    /** The handlers of a class, those that it inherits included. Creates no instance. */
    public static List<EventMethod> of(Class<?> type) {
        return type.isInterface() || Modifier.isAbstract(type.getModifiers())
                ? List.of()
                : Handlers.methods(type).stream()
                        .filter(method -> method.isAnnotationPresent(OnEvent.class))
                        .map(EventMethod::of)
                        .toList();
    }

    /** All methods of a class that may have annotations of Hubbub. */
    public static List<Method> methods(Class<?> type) {
        return Handlers.methods(type);
    }

    private static EventMethod of(Method method) {
        Class<?>[] types = method.getParameterTypes();
        List<Class<?>> all = Arrays.asList(types);
        Type data = all.contains(Event.class) || all.contains(dev.hubbub.Data.class) ? Object.class : null;
        boolean required = false;
        for (int i = 0; i < types.length; i++) {
            if (!Parameter.SPECIAL.containsKey(types[i])) {
                data = method.getGenericParameterTypes()[i];
                required = types[i].isPrimitive()
                        || (types[i].isRecord() && !HandlerMethod.isNullable(method.getParameters()[i]));
            }
        }
        OnEvent event = method.getAnnotation(OnEvent.class);
        return new EventMethod(
                event.value(),
                data,
                required,
                all.contains(Room.class),
                all.contains(byte[].class) || all.contains(ByteBuffer.class),
                result(method.getGenericReturnType()),
                List.of(event.errors()),
                Permission.of(method).roles());
    }

    private static Type result(Type type) {
        if (type instanceof ParameterizedType generic
                && generic.getRawType() instanceof Class<?> raw
                && CompletionStage.class.isAssignableFrom(raw)) {
            return result(generic.getActualTypeArguments()[0]);
        }
        return type == void.class || type == Void.class ? null : type;
    }
}
