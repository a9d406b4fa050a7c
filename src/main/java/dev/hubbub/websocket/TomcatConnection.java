package dev.hubbub.websocket;

import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tomcat and TomEE. Joined frames go to the socket beneath Tomcat's remote endpoint, under the same semaphore that Tomcat
 * itself takes to write, so that its pongs and close frames stay whole.
 *
 * <p>What Jakarta WebSocket offers instead is slower or blocks: {@code flushBatch()} waits for the reader, up to 20
 * seconds, and an asynchronous send is completed by a task on another thread, always. Here a write that the socket takes
 * at once, as nearly all do, ends on the thread that began it. Where Tomcat is not as we know it, {@link #of} gives
 * nothing and the portable way is taken.
 */
final class TomcatConnection extends WireConnection {
    /** Tomcat writes a pong under the semaphore; longer than this it takes only if the reader has stopped. */
    private static final long PATIENCE_MILLIS = 50;

    /** Most events fit. */
    private static final int PART = 2048;

    /** No ClassValue: that would hang what is ours on a class of the server's, which outlives the application. */
    private static final Map<Class<?>, Optional<Access>> ACCESS = new ConcurrentHashMap<>(1);

    private final Access access;
    private final Object remote;
    private final Object socket;
    private final Semaphore turn;
    /** Null if there is TLS or NIO2 between. */
    private final SocketChannel channel;

    private TomcatConnection(Session session, Access access, Object remote, Object socket, int compressFrom)
            throws ReflectiveOperationException {
        super(session, compressFrom);
        this.access = access;
        this.remote = remote;
        this.socket = socket;
        turn = (Semaphore) access.turn.get(remote);
        Object beneath = access.channel.invoke(socket);
        Class<?> type = beneath.getClass();
        // Tomcat uses its own channels again, for other connections; what is in them belongs to this one only.
        channel = type.getName().equals("org.apache.tomcat.util.net.NioChannel")
                ? (SocketChannel) type.getMethod("getIOChannel").invoke(beneath)
                : null;
    }

    /**
     * What is needed of Tomcat's classes, which an application sees but this build does not.
     *
     * @param write SocketWrapperBase.write, bound to "do not block" and "complete before you tell"
     * @param endMessage gives the turn back, or on to a control frame that waits for it
     * @param inline the result of a write that has ended already, and of which nobody will be told
     */
    private record Access(
            Field remote,
            Field socket,
            Field turn,
            Method hasAsyncIo,
            Method channel,
            MethodHandle write,
            MethodHandle endMessage,
            Object inline) {
        static Access to(Class<?> session) {
            try {
                Field remote = field(session, "wsRemoteEndpoint");
                Class<?> server = session.getClassLoader()
                        .loadClass("org.apache.tomcat.websocket.server.WsRemoteEndpointImplServer");
                Field socket = field(server, "socketWrapper");
                Method endMessage =
                        remote.getType().getDeclaredMethod("endMessage", SendHandler.class, SendResult.class);
                endMessage.setAccessible(true);
                Class<?> wrapper = socket.getType();
                String inner = wrapper.getName() + "$";
                Class<?> mode = Class.forName(inner + "BlockingMode", true, wrapper.getClassLoader());
                Class<?> check = Class.forName(inner + "CompletionCheck", true, wrapper.getClassLoader());
                Class<?> state = Class.forName(inner + "CompletionState", true, wrapper.getClassLoader());
                Method write = wrapper.getMethod(
                        "write",
                        mode,
                        long.class,
                        TimeUnit.class,
                        Object.class,
                        check,
                        CompletionHandler.class,
                        ByteBuffer[].class);
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                MethodHandle bound = MethodHandles.insertArguments(
                        lookup.unreflect(write).asFixedArity(),
                        1,
                        mode.getField("NON_BLOCK").get(null),
                        -1L,
                        TimeUnit.MILLISECONDS,
                        null,
                        wrapper.getField("COMPLETE_WRITE").get(null));
                return new Access(
                        remote,
                        socket,
                        field(remote.getType(), "messagePartInProgress"),
                        wrapper.getMethod("hasAsyncIO"),
                        wrapper.getMethod("getSocket"),
                        bound.asType(MethodType.methodType(
                                Object.class, Object.class, CompletionHandler.class, ByteBuffer[].class)),
                        lookup.unreflect(endMessage)
                                .asType(MethodType.methodType(
                                        void.class, Object.class, SendHandler.class, SendResult.class)),
                        state.getField("INLINE").get(null));
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "This Tomcat is sent to in the slower, portable way", e);
                return null;
            }
        }

        private static Field field(Class<?> type, String name) throws NoSuchFieldException {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }
    }

    /**
     * Null if the session is not as we know it; it has no extensions but perhaps permessage-deflate.
     *
     * @param compressFrom bytes from which on an event is compressed
     */
    static SessionConnection of(Session session, int compressFrom) {
        Access access = ACCESS.computeIfAbsent(session.getClass(), type -> Optional.ofNullable(Access.to(type)))
                .orElse(null);
        if (access == null) {
            return null;
        }
        try {
            Object remote = access.remote.get(session);
            Object socket = access.socket.get(remote);
            if (!Boolean.TRUE.equals(access.hasAsyncIo.invoke(socket))) {
                return null; // the connector has useAsyncIO="false"
            }
            // For Tomcat this is the size of the parts that it delivers, and what it keeps for each connection.
            session.setMaxTextMessageBufferSize(PART);
            session.setMaxBinaryMessageBufferSize(PART);
            return new TomcatConnection(session, access, remote, socket, compressFrom);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @Override
    void write(ByteBuffer frames, Sent sent) {
        try {
            if (!turn.tryAcquire() && !turn.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                sent.sent(new IOException("The socket takes nothing"));
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sent.sent(e);
            return;
        }
        Completion completion = new Completion(sent);
        Object state;
        try {
            if (channel != null) {
                channel.write(frames); // nearly always it takes all
            }
            if (!frames.hasRemaining()) {
                completion.end(null);
                return;
            }
            state = (Object)
                    access.write.invokeExact(socket, (CompletionHandler) completion, new ByteBuffer[] {frames});
        } catch (Throwable e) {
            completion.end(e);
            return;
        }
        if (state == access.inline) {
            completion.end(null);
        }
    }

    private final class Completion implements CompletionHandler<Long, Object> {
        private final Sent sent;

        Completion(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void completed(Long bytes, Object nothing) {
            end(null);
        }

        @Override
        public void failed(Throwable failure, Object nothing) {
            end(failure(failure));
        }

        void end(Throwable failure) {
            try {
                access.endMessage.invokeExact(remote, (SendHandler) null, (SendResult) null);
            } catch (Throwable e) {
                sent.sent(failure == null ? e : failure);
                return;
            }
            sent.sent(failure);
        }
    }
}
