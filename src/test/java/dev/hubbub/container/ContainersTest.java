package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainersTest {
    private static final ServletContext UNKNOWN_CONTEXT = stub(ServletContext.class, "getServerInfo", "Unknown/1.0");
    private static final Session UNKNOWN_SESSION = stub(Session.class, "getNegotiatedExtensions", List.of());

    /** An implementation that returns this value from one method, and null from all others. */
    private static <T> T stub(Class<T> type, String answered, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals(answered) ? answer : null));
    }

    @Test
    void eachContainerLoads() throws ReflectiveOperationException {
        for (String name : Containers.NAMES) {
            assertThat(Class.forName(name).getConstructor().newInstance()).isInstanceOf(Container.class);
        }
    }

    @Test
    void anUnknownServerNeedsNoWorkarounds() {
        assertThat(Containers.closeHandshake(UNKNOWN_SESSION)).isNull();
        assertThat(Containers.writer(UNKNOWN_SESSION, null, Integer.MAX_VALUE)).isNull();
        assertThat(Containers.ignoresTrailingSlash(UNKNOWN_CONTEXT)).isFalse();
        assertThat(Containers.omitsFirstCall(InputStream.nullInputStream())).isFalse();
        Runnable stopWatching = Containers.watchStop(
                UNKNOWN_CONTEXT,
                () -> {
                    throw new AssertionError("drained");
                },
                () -> {});
        stopWatching.run();
    }

    @Test
    void anUnknownServerUsesThePortableWriter() {
        assertThat(SocketWriters.open(UNKNOWN_SESSION, null, true, 0)).isInstanceOf(PortableWriter.class);
    }

    /** As on Tomcat and Jetty, which do not contain Tyrus, and on servers that hide it from applications. */
    @Test
    void containersLoadWithoutTheLibrariesOfOtherServers() throws ReflectiveOperationException {
        ClassLoader withoutServers = new WithoutServers();
        Class<?> containers = Class.forName(Containers.class.getName(), true, withoutServers);
        assertThat(containers.getClassLoader()).isSameAs(withoutServers);
        for (String name : Containers.NAMES) {
            Class.forName(name, true, withoutServers).getConstructor().newInstance();
        }
        Class<?> handshake = Class.forName(CloseHandshake.class.getName(), false, withoutServers);
        Method open = Class.forName(SocketWriters.class.getName(), true, withoutServers)
                .getMethod("open", Session.class, handshake, boolean.class, int.class);
        assertThat(open.invoke(null, UNKNOWN_SESSION, null, true, 0).getClass().getSimpleName())
                .isEqualTo("PortableWriter");
        Method closeHandshake = containers.getMethod("closeHandshake", Session.class);
        assertThat(closeHandshake.invoke(null, UNKNOWN_SESSION)).isNull();
    }

    /** Defines Hubbub's classes again, and does not find those of Tyrus and Grizzly. */
    private static final class WithoutServers extends ClassLoader {
        WithoutServers() {
            super(ContainersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.glassfish.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.hubbub.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
