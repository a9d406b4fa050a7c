package dev.hubbub.websocket;

import dev.hubbub.protocol.Frame;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tomcat, and TomEE with it: frames that wait are gathered in the container's own batch buffer and written together.
 *
 * <p>Jakarta WebSocket's {@code flushBatch()} blocks, for up to 20 seconds on Tomcat, so a reader that stops would hold
 * a thread. Inside, Tomcat flushes by a message of its own that can as well be sent asynchronously; and payloads can be
 * handed over as bytes, encoded once for all receivers. Both need the method behind the public one. Where it is not
 * found, {@link #of} gives nothing and the portable way is taken.
 */
final class TomcatConnection extends SessionConnection {
    /** Tomcat's Constants.INTERNAL_OPCODE_FLUSH. */
    private static final byte FLUSH = 0x18;

    private static final ClassValue<Access> ACCESS = new ClassValue<>() {
        @Override
        protected Access computeValue(Class<?> session) {
            return Access.to(session);
        }
    };

    private final Object remote;
    private final MethodHandle start;
    private final AtomicBoolean batching;

    private TomcatConnection(Session session, Object remote, MethodHandle start, AtomicBoolean batching) {
        super(session);
        this.remote = remote;
        this.start = start;
        this.batching = batching;
    }

    /** What is needed of Tomcat's classes. */
    private record Access(Field remote, MethodHandle startMessage, Field batchingAllowed) {
        static Access to(Class<?> session) {
            if (!session.getName().equals("org.apache.tomcat.websocket.WsSession")) {
                return null;
            }
            try {
                Field remote = session.getDeclaredField("wsRemoteEndpoint");
                remote.setAccessible(true);
                Method start = remote.getType()
                        .getDeclaredMethod(
                                "startMessage", byte.class, ByteBuffer.class, boolean.class, SendHandler.class);
                start.setAccessible(true);
                Field batching = remote.getType().getDeclaredField("batchingAllowed");
                batching.setAccessible(true);
                MethodHandle handle = MethodHandles.lookup().unreflect(start);
                return new Access(remote, handle.asType(handle.type().changeParameterType(0, Object.class)), batching);
            } catch (ReflectiveOperationException | RuntimeException e) {
                System.getLogger("dev.hubbub")
                        .log(System.Logger.Level.WARNING, "This Tomcat is sent to in the slower, portable way: {0}", e);
                return null;
            }
        }
    }

    /** Null if the session is not Tomcat's, or not as we know it. */
    static TomcatConnection of(Session session) {
        Access access = ACCESS.get(session.getClass());
        if (access == null) {
            return null;
        }
        try {
            Object remote = access.remote.get(session);
            AtomicBoolean batching = (AtomicBoolean) access.batchingAllowed.get(remote);
            return new TomcatConnection(session, remote, access.startMessage, batching);
        } catch (IllegalAccessException | ClassCastException e) {
            return null;
        }
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (more) {
            batching.set(true);
            start(frame.kind().opcode(), frame.payload(), sent);
        } else if (batching.get()) {
            start(frame.kind().opcode(), frame.payload(), failure -> flush(failure, sent));
        } else {
            start(frame.kind().opcode(), frame.payload(), sent);
        }
    }

    private void flush(Throwable failure, Sent sent) {
        if (failure != null) {
            sent.sent(failure);
            return;
        }
        // Off before the flush, not after: a pong that the container sends now must not stay behind in the buffer.
        batching.set(false);
        start(FLUSH, null, sent);
    }

    private void start(byte opcode, ByteBuffer payload, Sent sent) {
        SendHandler handler = result -> sent.sent(result.isOK() ? null : failure(result.getException()));
        try {
            start.invokeExact(remote, opcode, payload, true, handler);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
