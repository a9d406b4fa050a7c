package dev.hubbub.container.tomcat;

import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The members of Tomcat's classes that {@link TomcatWriter} uses. An application can load these classes, but this build does not
 * compile against them.
 *
 * @param semaphore {@code messagePartInProgress} of the remote endpoint, which Tomcat itself acquires to write a message
 * @param channel {@code SocketWrapperBase.getSocket}
 * @param write {@code SocketWrapperBase.write}, with the arguments bound that mean "do not block" and "complete the write before
 *     the handler is called"
 * @param endMessage releases the semaphore, or passes it on to a control frame that waits for it
 * @param inline what {@code write} returns if it has completed already and the handler will not be called
 */
record TomcatAccess(
        Field remote,
        Field socket,
        Field semaphore,
        Method hasAsyncIo,
        Method channel,
        MethodHandle write,
        MethodHandle endMessage,
        Object inline) {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Not a ClassValue: it would attach objects of this application to a class of the server, which outlives it. */
    private static final Map<Class<?>, Optional<TomcatAccess>> KNOWN = new ConcurrentHashMap<>(1);

    /** Null if this Tomcat differs from the known versions. */
    static TomcatAccess of(Class<?> session) {
        return KNOWN.computeIfAbsent(session, type -> Optional.ofNullable(read(type)))
                .orElse(null);
    }

    private static TomcatAccess read(Class<?> session) {
        try {
            Field remote = field(session, "wsRemoteEndpoint");
            Class<?> server =
                    session.getClassLoader().loadClass("org.apache.tomcat.websocket.server.WsRemoteEndpointImplServer");
            Field socket = field(server, "socketWrapper");
            Method endMessage = remote.getType().getDeclaredMethod("endMessage", SendHandler.class, SendResult.class);
            endMessage.setAccessible(true);
            Class<?> wrapper = socket.getType();
            return new TomcatAccess(
                    remote,
                    socket,
                    field(remote.getType(), "messagePartInProgress"),
                    wrapper.getMethod("hasAsyncIO"),
                    wrapper.getMethod("getSocket"),
                    write(wrapper),
                    MethodHandles.lookup()
                            .unreflect(endMessage)
                            .asType(MethodType.methodType(
                                    void.class, Object.class, SendHandler.class, SendResult.class)),
                    inner(wrapper, "CompletionState").getField("INLINE").get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "This Tomcat is unknown; frames are sent by the slower, portable way",
                    e);
            return null;
        }
    }

    /** The socket beneath a wrapper; null with TLS or NIO2. */
    SocketChannel channelOf(Object socketWrapper) throws ReflectiveOperationException {
        Object wrapped = channel.invoke(socketWrapper);
        Class<?> type = wrapped.getClass();
        // Tomcat reuses a NioChannel for other connections; the SocketChannel inside belongs to this connection only.
        return type.getName().equals("org.apache.tomcat.util.net.NioChannel")
                ? (SocketChannel) type.getMethod("getIOChannel").invoke(wrapped)
                : null;
    }

    private static MethodHandle write(Class<?> wrapper) throws ReflectiveOperationException {
        Class<?> mode = inner(wrapper, "BlockingMode");
        Method write = wrapper.getMethod(
                "write",
                mode,
                long.class,
                TimeUnit.class,
                Object.class,
                inner(wrapper, "CompletionCheck"),
                CompletionHandler.class,
                ByteBuffer[].class);
        MethodHandle bound = MethodHandles.insertArguments(
                MethodHandles.lookup().unreflect(write).asFixedArity(),
                1,
                mode.getField("NON_BLOCK").get(null),
                -1L,
                TimeUnit.MILLISECONDS,
                null,
                wrapper.getField("COMPLETE_WRITE").get(null));
        return bound.asType(
                MethodType.methodType(Object.class, Object.class, CompletionHandler.class, ByteBuffer[].class));
    }

    private static Class<?> inner(Class<?> wrapper, String name) throws ClassNotFoundException {
        return Class.forName(wrapper.getName() + "$" + name, true, wrapper.getClassLoader());
    }

    static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
