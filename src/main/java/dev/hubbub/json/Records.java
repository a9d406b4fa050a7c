package dev.hubbub.json;

import jakarta.json.bind.JsonbException;
import jakarta.json.bind.annotation.JsonbProperty;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and writes records and the usual collections of them. JSON-B 3.0 does not support records; Yasson 3 does, but only
 * public ones, and the payload of a handler is usually a small record that is not public. {@link JsonbProperty} names are
 * respected. A missing member is null; it is an error if the component is primitive.
 */
final class Records {
    private static final ClassValue<RecordType> TYPES = new ClassValue<>() {
        @Override
        protected RecordType computeValue(Class<?> type) {
            return new RecordType(type);
        }
    };

    private Records() {}

    /** Whether this class reads values of this type; JSON-B reads the others. */
    static boolean canRead(Type type) {
        if (type instanceof Class<?> raw) {
            return raw.isRecord() || raw.isArray() && canRead(raw.getComponentType());
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            return (raw == List.class || raw == Set.class || raw == Collection.class || raw == Optional.class)
                            && canRead(arguments[0])
                    || raw == Map.class && arguments[0] == String.class && canRead(arguments[1]);
        }
        return false;
    }

    static Object read(String json, Type type) {
        Class<?> raw = (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
        if (json.equals("null")) {
            return raw == Optional.class ? Optional.empty() : null;
        }
        if (raw.isRecord()) {
            return TYPES.get(raw).read(json);
        }
        if (raw.isArray()) {
            List<Object> elements = elements(json, raw.getComponentType());
            return elements.toArray((Object[]) java.lang.reflect.Array.newInstance(raw.getComponentType(), 0));
        }
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        if (raw == Optional.class) {
            return Optional.ofNullable(Json.read(json, arguments[0]));
        }
        if (raw == Map.class) {
            Map<String, Object> map = new LinkedHashMap<>();
            Scanner.forEachMember(
                    json, (name, start, end) -> map.put(name, Json.read(json.substring(start, end), arguments[1])));
            return map;
        }
        List<Object> elements = elements(json, arguments[0]);
        return raw == Set.class ? new LinkedHashSet<>(elements) : elements;
    }

    private static List<Object> elements(String json, Type type) {
        List<Object> elements = new ArrayList<>();
        Scanner.forEachElement(json, (start, end) -> {
            try {
                elements.add(Json.read(json.substring(start, end), type));
            } catch (RuntimeException e) {
                throw MemberException.of("[" + elements.size() + "]", raw(type), e);
            }
        });
        return elements;
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    static void write(StringBuilder to, Record record) {
        to.append('{');
        int start = to.length();
        for (Component component : TYPES.get(record.getClass()).components) {
            Object value = component.valueIn(record);
            if (value != null && !(value instanceof Optional<?> optional && optional.isEmpty())) {
                Json.quote(to.length() == start ? to : to.append(','), component.name)
                        .append(':');
                Json.write(to, value);
            }
        }
        to.append('}');
    }

    private record Component(String name, Type type, boolean primitive, RecordComponent component) {
        Object valueIn(Record record) {
            try {
                return component.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new JsonbException("The component " + name + " cannot be read", e);
            }
        }
    }

    /** The components of a record class and its canonical constructor. */
    private static final class RecordType {
        final List<Component> components = new ArrayList<>();
        final Map<String, Integer> index = new HashMap<>();
        final Constructor<?> constructor;

        RecordType(Class<?> type) {
            RecordComponent[] parts = type.getRecordComponents();
            for (RecordComponent part : parts) {
                part.getAccessor().setAccessible(true);
                JsonbProperty property = part.getAccessor().getAnnotation(JsonbProperty.class);
                String name = property == null || property.value().isEmpty() ? part.getName() : property.value();
                index.put(name, components.size());
                components.add(new Component(
                        name, part.getGenericType(), part.getType().isPrimitive(), part));
            }
            try {
                constructor = type.getDeclaredConstructor(
                        Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " has no canonical constructor", e);
            }
        }

        Object read(String json) {
            Object[] values = new Object[components.size()];
            Scanner.forEachMember(json, (name, start, end) -> {
                Integer i = index.get(name);
                if (i != null) {
                    Component component = components.get(i);
                    try {
                        values[i] = Json.read(json.substring(start, end), component.type());
                    } catch (RuntimeException e) {
                        throw MemberException.of(name, component.component().getType(), e);
                    }
                }
            });
            for (int i = 0; i < values.length; i++) {
                Component component = components.get(i);
                if (values[i] == null && component.primitive()) {
                    throw MemberException.missing(component.name());
                }
                if (values[i] == null && component.component().getType() == Optional.class) {
                    values[i] = Optional.empty();
                }
            }
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                throw new JsonbException("The constructor of the record has failed", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new JsonbException("The record cannot be created", e);
            }
        }
    }
}
