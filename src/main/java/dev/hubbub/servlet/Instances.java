package dev.hubbub.servlet;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Function;

/** Creates instances of application classes: with CDI where it is available, otherwise with their constructors. */
public final class Instances {
    private Instances() {}

    static Function<Class<?>, Object> ofThisServer() {
        try {
            return new Beans(CDI.current());
        } catch (IllegalStateException | LinkageError noCdi) {
            return Instances::construct; // Tomcat and Jetty have no CDI, and other servers may have it disabled
        }
    }

    /** @throws IllegalStateException if the instance cannot be created; the message says why */
    public static Object construct(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type.getName() + " needs a constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("The constructor of " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(type.getName() + " cannot be instantiated: " + e.getMessage(), e);
        }
    }

    /** A separate class, so that no CDI class is loaded where CDI is missing. */
    private record Beans(CDI<Object> cdi) implements Function<Class<?>, Object> {
        @Override
        public Object apply(Class<?> type) {
            Instance<?> bean = cdi.select(type);
            return bean.isResolvable() ? bean.get() : construct(type);
        }
    }
}
