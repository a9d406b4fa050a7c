package dev.hubbub.websocket;

import dev.hubbub.protocol.Frame;
import jakarta.websocket.Session;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Jetty 12. Frames go to what its own remote endpoint, and permessage-deflate, would give them to in the end: encoded and
 * compressed once for all receivers, and joined by Jetty, which holds back the frames of a batch until one comes that is of none.
 * In the API above it a batch is ended only by a call that blocks. Where Jetty is not as we know it, {@link #of} gives nothing
 * and the portable way is taken.
 */
final class JettyConnection extends SessionConnection {
    /** RFC 7692, section 6, in the first byte of a frame. */
    private static final int RSV1 = 0x40;

    /** Of the one Jetty that has this application; its classes are hidden from it. */
    private static volatile Access access;

    private final Access jetty;
    private final Object outgoing;
    private final int compressFrom;

    private volatile boolean writing;

    private JettyConnection(Session session, Access jetty, Object outgoing, int compressFrom) {
        super(session);
        this.jetty = jetty;
        this.outgoing = outgoing;
        this.compressFrom = compressFrom;
    }

    private record Access(Constructor<?> frame, Method setRsv1, Method callback, Method sendFrame) {
        static Access to(ClassLoader jetty) throws ReflectiveOperationException {
            Class<?> frame = jetty.loadClass("org.eclipse.jetty.websocket.core.Frame");
            Class<?> callback = jetty.loadClass("org.eclipse.jetty.util.Callback");
            return new Access(
                    frame.getConstructor(byte.class, boolean.class, ByteBuffer.class),
                    frame.getMethod("setRsv1", boolean.class),
                    callback.getMethod("from", Runnable.class, Consumer.class),
                    jetty.loadClass("org.eclipse.jetty.websocket.core.OutgoingFrames")
                            .getMethod("sendFrame", frame, callback, boolean.class));
        }
    }

    /** Null if the session is not as we know it; it has no extension but permessage-deflate. */
    static SessionConnection of(Session session, int compressFrom) {
        try {
            Object core = get(session, "getCoreSession");
            Object stack = get(core, "getExtensionStack");
            List<?> extensions = (List<?>) get(stack, "getExtensions");
            Object outgoing = get(extensions.isEmpty() ? stack : extensions.get(0), "getNextOutgoing");
            Access jetty = access;
            if (jetty == null) {
                jetty = Access.to(core.getClass().getClassLoader());
                access = jetty;
            }
            return new JettyConnection(session, jetty, outgoing, compressFrom);
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return null;
        }
    }

    private static Object get(Object of, String getter) throws ReflectiveOperationException {
        return of.getClass().getMethod(getter).invoke(of);
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (more && frame.kind() != Frame.Kind.PING) { // which waits until it was sent
            write(frame, true, failure -> {}); // what fails here fails with the last again
            sent.sent(null);
            return;
        }
        writing = true;
        write(frame, false, failure -> {
            writing = false;
            sent.sent(failure);
        });
    }

    private void write(Frame frame, boolean joined, Sent sent) {
        byte[] wire = frame.size() < compressFrom ? frame.wire() : frame.compressedWire();
        try {
            Object made = jetty.frame.newInstance(frame.kind().opcode(), true, payload(wire));
            if ((wire[0] & RSV1) != 0) {
                jetty.setRsv1.invoke(made, true);
            }
            Runnable succeeded = () -> sent.sent(null);
            Consumer<Throwable> failed = failure -> sent.sent(failure(failure));
            jetty.sendFrame.invoke(outgoing, made, jetty.callback.invoke(null, succeeded, failed), joined);
        } catch (ReflectiveOperationException e) {
            sent.sent(e);
        }
    }

    /** Without the header, whose length its second byte tells (RFC 6455, section 5.2). */
    private static ByteBuffer payload(byte[] wire) {
        int header = wire[1] < 126 ? 2 : wire[1] == 126 ? 4 : 10;
        return ByteBuffer.wrap(wire, header, wire.length - header).slice();
    }

    /** For a reader that has stopped, the close frame waits behind what it does not read; then the socket is ended at once. */
    @Override
    void end(int code, String reason) {
        if (!writing || !abort()) {
            super.end(code, reason);
        }
    }

    private boolean abort() {
        try {
            session.getClass().getMethod("abort").invoke(session);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
            return false;
        }
    }
}
