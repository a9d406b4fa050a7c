package dev.hubbub.servlet;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Function;

/** Where the instances of handler classes come from: CDI where it is, a constructor elsewhere. */
public final class Instances {
    private Instances() {}

    static Function<Class<?>, Object> ofThisServer() {
        try {
            return new Beans(CDI.current());
        } catch (IllegalStateException | LinkageError noCdi) {
            return Instances::construct; // Tomcat and Jetty bring no CDI, and a server may have it switched off
        }
    }

    /** @throws IllegalStateException if it cannot be made; the message says why */
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

    /** A class of its own, so that nothing of CDI is loaded where there is none. */
    private record Beans(CDI<Object> cdi) implements Function<Class<?>, Object> {
        @Override
        public Object apply(Class<?> type) {
            Instance<?> bean = cdi.select(type);
            return bean.isResolvable() ? bean.get() : construct(type);
        }
    }
}
