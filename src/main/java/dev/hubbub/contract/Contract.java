package dev.hubbub.contract;

import dev.hubbub.Emits;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Namespace;
import dev.hubbub.OnEmpty;
import dev.hubbub.OnJoin;
import dev.hubbub.OnLeave;
import dev.hubbub.RoomPolicy;
import dev.hubbub.dispatch.EventMethod;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What clients of an application may send, and what they are sent.
 *
 * @param namespaces the main one first
 * @param types the types of objects by their names
 * @param errors all error codes
 * @param rooms the patterns of rooms that the application knows, as {@code order-{id}}
 */
public record Contract(List<Events> namespaces, Map<String, ObjectType> types, Set<String> errors, Set<String> rooms) {
    private static final List<String> ERRORS = List.of(
            EventException.MALFORMED,
            EventException.UNKNOWN_EVENT,
            EventException.INVALID_DATA,
            EventException.FORBIDDEN,
            EventException.NOT_IN_ROOM,
            EventException.TOO_LARGE,
            EventException.RATE_LIMITED,
            EventException.OVERLOADED,
            EventException.UNAVAILABLE,
            EventException.INTERNAL);

    /** The events of a namespace, by name. */
    record Events(String namespace, List<Received> received, List<Sent> sent) {}

    /**
     * An event that clients send.
     *
     * @param data null if it has none
     * @param room whether the data names a room
     * @param result the data of the acknowledgement
     */
    record Received(
            String name,
            Shape data,
            boolean required,
            boolean room,
            boolean attachment,
            Shape result,
            List<String> errors,
            Set<String> roles) {}

    /** An event that the server sends. */
    record Sent(String name, Shape data) {}

    /** @param open whether it may have other members */
    record ObjectType(List<Member> members, boolean open) {}

    record Member(String name, Shape shape, boolean required) {}

    /**
     * The contract of an application.
     *
     * @param application its classes
     * @param builtIn whether clients may send the built-in events
     */
    public static Contract of(Collection<Class<?>> application, boolean builtIn) {
        List<Class<?>> own = application.stream()
                .filter(type -> !type.getPackageName().equals("dev.hubbub.builtin")
                        && !type.getPackageName().equals("dev.hubbub.app"))
                .sorted(Comparator.comparing(Class::getName))
                .toList();
        Set<String> namespaces = new TreeSet<>(List.of(Namespace.MAIN));
        own.stream().filter(Contract::isHandlers).map(Contract::namespace).forEach(namespaces::add);
        Shapes shapes = new Shapes();
        List<Events> all = new ArrayList<>();
        Set<String> errors = new TreeSet<>(ERRORS);
        for (String namespace : namespaces) {
            List<Class<?>> handlers = own.stream()
                    .filter(type -> isHandlers(type) && namespace(type).equals(namespace))
                    .toList();
            Events events = events(namespace, handlers, builtIn, shapes);
            events.received().forEach(event -> errors.addAll(event.errors()));
            all.add(events);
        }
        return new Contract(all, shapes.objects(), errors, rooms(own));
    }

    private static boolean isHandlers(Class<?> type) {
        return type.isAnnotationPresent(EventHandlers.class);
    }

    private static String namespace(Class<?> type) {
        Namespace namespace = type.getAnnotation(Namespace.class);
        return namespace == null ? Namespace.MAIN : namespace.value();
    }

    private static Events events(String namespace, List<Class<?>> handlers, boolean builtIn, Shapes shapes) {
        Map<String, Received> received = new TreeMap<>();
        Map<String, Sent> sent = new TreeMap<>();
        // Those of the application first: a type of the same name as a built-in one keeps it.
        for (Class<?> type : handlers) {
            EventMethod.of(type).forEach(method -> received.put(method.name(), received(method, shapes)));
            emits(type).forEach(event -> sent.put(event.value(), new Sent(event.value(), shapes.of(event.data()))));
        }
        BuiltInEvents.received(builtIn).forEach((name, event) -> {
            if (!received.containsKey(name)) {
                received.put(name, received(name, event, shapes));
            }
        });
        BuiltInEvents.sent(builtIn).forEach((name, data) -> {
            if (!sent.containsKey(name)) {
                sent.put(name, new Sent(name, shapes.of(data)));
            }
        });
        return new Events(namespace, List.copyOf(received.values()), List.copyOf(sent.values()));
    }

    private static Received received(EventMethod method, Shapes shapes) {
        return new Received(
                method.name(),
                method.data() == null ? null : shapes.of(method.data()),
                method.required(),
                method.room(),
                method.attachment(),
                method.result() == null ? new Shape.Nothing() : shapes.of(method.result()),
                method.errors(),
                method.roles() == null ? null : new TreeSet<>(method.roles()));
    }

    private static Received received(String name, BuiltInEvents.Received event, Shapes shapes) {
        return new Received(
                name,
                event.data() == null ? null : shapes.of(event.data()),
                event.required(),
                false,
                name.equals("message") || name.equals("broadcast"),
                event.acknowledgement() == null ? new Shape.Nothing() : shapes.of(event.acknowledgement()),
                List.of(),
                null);
    }

    private static List<Emits> emits(Class<?> type) {
        return Stream.concat(Stream.of(type), EventMethod.methods(type).stream())
                .flatMap(element -> Stream.of(((AnnotatedElement) element).getAnnotationsByType(Emits.class)))
                .toList();
    }

    private static Set<String> rooms(List<Class<?>> application) {
        Set<String> rooms = new TreeSet<>();
        for (Class<?> type : application) {
            RoomPolicy policy = type.getAnnotation(RoomPolicy.class);
            if (policy != null) {
                rooms.add(policy.value());
            }
            for (Method method : isHandlers(type) ? EventMethod.methods(type) : List.<Method>of()) {
                for (OnJoin hook : method.getAnnotationsByType(OnJoin.class)) {
                    rooms.add(hook.value());
                }
                for (OnLeave hook : method.getAnnotationsByType(OnLeave.class)) {
                    rooms.add(hook.value());
                }
                for (OnEmpty hook : method.getAnnotationsByType(OnEmpty.class)) {
                    rooms.add(hook.value());
                }
            }
        }
        return rooms;
    }
}
