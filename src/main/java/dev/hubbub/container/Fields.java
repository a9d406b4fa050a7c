package dev.hubbub.container;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads private fields of a server's objects. Each field of each class is looked up once. */
public final class Fields {
    /** As many as this package and those below name. */
    private static final Map<Key, Field> KNOWN = new ConcurrentHashMap<>();

    private record Key(Class<?> type, String name) {}

    private Fields() {}

    /** @throws ReflectiveOperationException if neither the object's class nor one above has such a field, or it cannot be read */
    public static Object get(Object of, String name) throws ReflectiveOperationException {
        Key key = new Key(of.getClass(), name);
        Field field = KNOWN.get(key);
        if (field == null) {
            field = find(key);
            KNOWN.put(key, field);
        }
        return field.get(of);
    }

    private static Field find(Key key) throws NoSuchFieldException {
        for (Class<?> type = key.type; type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(key.name);
                field.setAccessible(true);
                return field;
            } catch (NoSuchFieldException inherited) {
                continue;
            }
        }
        throw new NoSuchFieldException(key.name);
    }
}
