package dev.hubbub.contract;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.PublishedEvent;
import dev.hubbub.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the form of Java types as JSON-B and Hubbub write them, and collects the objects among them. */
final class Shapes {
    private static final Shape ANY = new Shape.Any();
    private static final Shape STRING = new Shape.Scalar("string", null);

    private static final Map<Class<?>, Shape> KNOWN = known();

    /** The types by their names in the contract. */
    private final Map<String, Contract.ObjectType> objects = new TreeMap<>();

    /** The names of classes with their type arguments. */
    private final Map<String, String> names = new HashMap<>();

    private static Map<Class<?>, Shape> known() {
        Map<Class<?>, Shape> known = new HashMap<>();
        put(known, new Shape.Scalar("integer", "int32"), int.class, Integer.class);
        put(known, new Shape.Scalar("integer", "int64"), long.class, Long.class, OptionalLong.class);
        put(
                known,
                new Shape.Scalar("integer", null),
                short.class,
                Short.class,
                byte.class,
                Byte.class,
                BigInteger.class);
        put(known, new Shape.Scalar("integer", "int32"), OptionalInt.class);
        put(known, new Shape.Scalar("number", "double"), double.class, Double.class, OptionalDouble.class);
        put(known, new Shape.Scalar("number", null), float.class, Float.class, BigDecimal.class, Number.class);
        put(known, new Shape.Scalar("number", null), JsonNumber.class);
        put(known, new Shape.Scalar("boolean", null), boolean.class, Boolean.class);
        put(known, STRING, String.class, char.class, Character.class, CharSequence.class, JsonString.class);
        put(known, STRING, Position.class, java.time.LocalDateTime.class, java.time.LocalTime.class);
        put(known, STRING, java.time.ZonedDateTime.class, java.time.OffsetTime.class, java.util.Locale.class);
        put(known, STRING, java.time.ZoneId.class, java.time.ZoneOffset.class, java.time.Period.class);
        put(known, STRING, java.util.Date.class, java.util.Calendar.class, java.net.URL.class);
        put(known, new Shape.Scalar("string", "date"), java.time.LocalDate.class);
        put(known, new Shape.Scalar("string", "date-time"), java.time.Instant.class, java.time.OffsetDateTime.class);
        put(known, new Shape.Scalar("string", "duration"), java.time.Duration.class);
        put(known, new Shape.Scalar("string", "uuid"), java.util.UUID.class);
        put(known, new Shape.Scalar("string", "uri"), java.net.URI.class);
        put(known, ANY, Object.class, Data.class, Event.class, ByteBuffer.class, JsonValue.class, JsonStructure.class);
        put(known, new Shape.Entries(ANY), JsonObject.class);
        put(known, new Shape.Items(ANY), JsonArray.class);
        put(known, new Shape.Nothing(), void.class, Void.class);
        return known;
    }

    private static void put(Map<Class<?>, Shape> known, Shape shape, Class<?>... types) {
        for (Class<?> type : types) {
            known.put(type, shape);
        }
    }

    Map<String, Contract.ObjectType> objects() {
        return new LinkedHashMap<>(objects);
    }

    Shape of(Type type) {
        return of(type, Map.of());
    }

    /** @param arguments the types of the type variables of the class in which the type is used */
    private Shape of(Type type, Map<TypeVariable<?>, Type> arguments) {
        if (type instanceof TypeVariable<?> variable) {
            Type argument = arguments.get(variable);
            return argument == null ? of(variable.getBounds()[0], arguments) : of(argument, Map.of());
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], arguments);
        }
        if (type instanceof GenericArrayType array) {
            return new Shape.Items(of(array.getGenericComponentType(), arguments));
        }
        Class<?> raw;
        List<Type> own = List.of();
        if (type instanceof ParameterizedType generic) {
            raw = (Class<?>) generic.getRawType();
            own = Stream.of(generic.getActualTypeArguments())
                    .map(argument -> resolve(argument, arguments))
                    .toList();
        } else {
            raw = (Class<?>) type;
        }
        return of(raw, own);
    }

    /** A type argument without variables, as far as it is one itself. */
    private static Type resolve(Type argument, Map<TypeVariable<?>, Type> arguments) {
        return argument instanceof TypeVariable<?> variable ? arguments.getOrDefault(variable, Object.class) : argument;
    }

    private Shape of(Class<?> raw, List<Type> arguments) {
        Shape known = KNOWN.get(raw);
        if (known != null) {
            return known;
        }
        if (raw == Page.class) {
            return of(BuiltInEvents.Page.class);
        }
        if (raw == PublishedEvent.class) {
            return of(BuiltInEvents.PastEvent.class);
        }
        if (JsonText.class.isAssignableFrom(raw)) {
            return ANY;
        }
        if (raw.isEnum()) {
            return new Shape.Choice(Stream.of(raw.getEnumConstants())
                    .map(value -> ((Enum<?>) value).name())
                    .toList());
        }
        if (raw.isArray()) {
            return new Shape.Items(of(raw.getComponentType()));
        }
        if (raw == Optional.class) {
            return new Shape.Nullable(arguments.isEmpty() ? ANY : of(arguments.get(0)));
        }
        if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) {
            return new Shape.Items(arguments.isEmpty() ? ANY : of(arguments.get(0)));
        }
        if (Map.class.isAssignableFrom(raw)) {
            boolean byName = arguments.size() == 2
                    && (arguments.get(0) == String.class || arguments.get(0) instanceof Class<?> key && key.isEnum());
            return byName ? new Shape.Entries(of(arguments.get(1))) : ANY;
        }
        return Properties.hasAny(raw) ? new Shape.Named(object(raw, arguments)) : ANY;
    }

    /** The name of an object type, which is described if it is new. */
    private String object(Class<?> raw, List<Type> arguments) {
        String key =
                raw.getName() + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(",", "<", ">"));
        String known = names.get(key);
        if (known != null) {
            return known;
        }
        String name = freeName(raw, arguments);
        names.put(key, name);
        objects.put(name, new Contract.ObjectType(List.of(), false)); // it may refer to itself
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        TypeVariable<?>[] variables = raw.getTypeParameters();
        for (int i = 0; i < Math.min(variables.length, arguments.size()); i++) {
            bound.put(variables[i], arguments.get(i));
        }
        List<Contract.Member> members = Properties.of(raw).stream()
                .map(property -> member(property, of(property.type(), bound)))
                .toList();
        objects.put(name, new Contract.ObjectType(members, raw.isAnnotationPresent(BuiltInEvents.Open.class)));
        return name;
    }

    private static Contract.Member member(Properties.Property property, Shape shape) {
        // An Optional without a value is left out.
        Shape present = shape instanceof Shape.Nullable optional ? optional.shape() : shape;
        return new Contract.Member(property.name(), present, property.required());
    }

    private String freeName(Class<?> raw, List<Type> arguments) {
        String suffix = arguments.isEmpty()
                ? ""
                : arguments.stream().map(Shapes::simpleName).collect(Collectors.joining("And", "Of", ""));
        String simple = raw.getSimpleName() + suffix;
        if (!objects.containsKey(simple)) {
            return simple;
        }
        Class<?> outer = raw.getEnclosingClass();
        String longer = (outer == null ? "" : outer.getSimpleName()) + simple;
        String name = longer;
        for (int i = 2; objects.containsKey(name); i++) {
            name = longer + i;
        }
        return name;
    }

    private static String simpleName(Type type) {
        if (type instanceof ParameterizedType generic) {
            return simpleName(generic.getRawType())
                    + Stream.of(generic.getActualTypeArguments())
                            .map(Shapes::simpleName)
                            .collect(Collectors.joining("And", "Of", ""));
        }
        return type instanceof Class<?> raw ? raw.getSimpleName().replace("[]", "s") : "Any";
    }
}
