package dev.hubbub.contract;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbTransient;
import jakarta.json.bind.annotation.JsonbTypeAdapter;
import jakarta.json.bind.annotation.JsonbTypeSerializer;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The members of a class as JSON: the components of a record, the public getters and fields of another class (Jakarta JSON
 * Binding 3.0, sections 3.7 and 4.1).
 */
final class Properties {
    private static final Set<String> REQUIRED = Set.of("NotNull", "NotBlank", "NotEmpty");

    record Property(String name, Type type, boolean required) {}

    private Properties() {}

    /** Whether objects of a class are described by their members. */
    static boolean hasAny(Class<?> type) {
        return type.isRecord() || (!isCustom(type) && !type.getName().startsWith("java") && !of(type).isEmpty());
    }

    static List<Property> of(Class<?> type) {
        return type.isRecord() ? ofRecord(type) : List.copyOf(ofBean(type).values());
    }

    private static List<Property> ofRecord(Class<?> type) {
        List<Property> properties = new ArrayList<>();
        for (RecordComponent part : type.getRecordComponents()) {
            // A missing member is null, which a primitive component cannot be.
            boolean required = part.getType().isPrimitive() || isRequired(part, part.getAccessor());
            properties.add(new Property(name(part.getAccessor(), part.getName()), part.getGenericType(), required));
        }
        return properties;
    }

    private static Map<String, Property> ofBean(Class<?> type) {
        Map<String, Property> properties = new TreeMap<>(); // JSON-B writes them in this order
        for (Field field : type.getFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                add(properties, type, field.getName(), field.getGenericType(), field);
            }
        }
        for (Method method : type.getMethods()) {
            String property = property(method);
            if (property != null) {
                add(properties, type, property, method.getGenericReturnType(), method);
            }
        }
        return properties;
    }

    private static void add(
            Map<String, Property> to, Class<?> type, String name, Type valueType, AnnotatedElement element) {
        AnnotatedElement field = field(type, name);
        if (Stream.of(element, field == null ? element : field)
                .anyMatch(each -> each.isAnnotationPresent(JsonbTransient.class))) {
            return;
        }
        String own = name(element, name);
        String renamed = field == null || !own.equals(name) ? own : name(field, name);
        Type shown = isCustom(element) || (field != null && isCustom(field)) ? Object.class : valueType;
        to.put(renamed, new Property(renamed, shown, isRequired(element, field == null ? element : field)));
    }

    /** The property of which a method is the getter; null if it is none. */
    private static String property(Method method) {
        String name = method.getName();
        int prefix =
                name.startsWith("get") ? 3 : name.startsWith("is") && method.getReturnType() == boolean.class ? 2 : 0;
        return prefix == 0
                        || name.length() == prefix
                        || method.getParameterCount() > 0
                        || method.getReturnType() == void.class
                        || method.getDeclaringClass() == Object.class
                        || method.isBridge()
                        || Modifier.isStatic(method.getModifiers())
                ? null
                : Character.toLowerCase(name.charAt(prefix)) + name.substring(prefix + 1);
    }

    private static Field field(Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        return null;
    }

    private static String name(AnnotatedElement element, String otherwise) {
        JsonbProperty property = element.getAnnotation(JsonbProperty.class);
        return property == null || property.value().isEmpty() ? otherwise : property.value();
    }

    /** Whether the application writes it by itself. */
    private static boolean isCustom(AnnotatedElement element) {
        return element.isAnnotationPresent(JsonbTypeAdapter.class)
                || element.isAnnotationPresent(JsonbTypeSerializer.class);
    }

    /** The annotations of Bean Validation by their names, because not every server has them. */
    private static boolean isRequired(AnnotatedElement... elements) {
        return Stream.of(elements)
                .flatMap(element -> Stream.of(element.getAnnotations()))
                .anyMatch(annotation ->
                        REQUIRED.contains(annotation.annotationType().getSimpleName()));
    }
}
