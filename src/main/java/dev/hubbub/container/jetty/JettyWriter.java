package dev.hubbub.container.jetty;

import dev.hubbub.container.SocketWriter;
import dev.hubbub.hub.Connection.Sent;
import dev.hubbub.protocol.Frame;
import jakarta.websocket.Session;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands frames to the stage of Jetty that comes after its own remote endpoint and after permessage-deflate. So a frame is encoded
 * and compressed once for all receivers, and Jetty joins frames: it holds back those of a batch until a frame arrives that belongs
 * to no batch. In Jakarta WebSocket, only a call that blocks ends a batch.
 */
final class JettyWriter implements SocketWriter {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Marks a compressed message, in the first byte of a frame (RFC 7692, section 6). */
    private static final int RSV1 = 0x40;

    /** Static, because one Jetty has this application; and by reflection, because Jetty hides these classes from it. */
    private static volatile Access access;

    private final Session session;
    private final Access jetty;
    private final Object outgoing;
    private final int compressFrom;

    private volatile boolean writing;

    private JettyWriter(Session session, Access jetty, Object outgoing, int compressFrom) {
        this.session = session;
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

    /** Null if this Jetty is unknown; the portable writer is used then. */
    static SocketWriter open(Session session, int compressFrom) {
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
            return new JettyWriter(session, jetty, outgoing, compressFrom);
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return null;
        }
    }

    private static Object get(Object of, String getter) throws ReflectiveOperationException {
        return of.getClass().getMethod(getter).invoke(of);
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        if (more && frame.kind() != Frame.Kind.PING) { // a ping counts as sent only when it was
            write(frame, true, failure -> {}); // if this fails, the last frame of the batch fails as well
            sent.sent(null);
            return;
        }
        writing = true;
        write(frame, false, failure -> {
            writing = false;
            sent.sent(failure);
        });
    }

    private void write(Frame frame, boolean batched, Sent sent) {
        byte[] wire = frame.size() < compressFrom ? frame.wire() : frame.compressedWire();
        try {
            Object jettyFrame = jetty.frame.newInstance(frame.kind().opcode(), true, payload(wire));
            if ((wire[0] & RSV1) != 0) {
                jetty.setRsv1.invoke(jettyFrame, true);
            }
            Runnable succeeded = () -> sent.sent(null);
            Consumer<Throwable> failed = failure -> sent.sent(SocketWriter.failure(failure));
            jetty.sendFrame.invoke(outgoing, jettyFrame, jetty.callback.invoke(null, succeeded, failed), batched);
        } catch (ReflectiveOperationException e) {
            sent.sent(e);
        }
    }

    /** The frame without its header, whose length follows from the second byte (RFC 6455, section 5.2). */
    private static ByteBuffer payload(byte[] wire) {
        int header = wire[1] < 126 ? 2 : wire[1] == 126 ? 4 : 10;
        return ByteBuffer.wrap(wire, header, wire.length - header).slice();
    }

    /** Aborts if a write is under way: a close frame would wait behind what the client does not read. */
    @Override
    public void close(Runnable closeSession) {
        if (!writing || !abort()) {
            closeSession.run();
        }
    }

    private boolean abort() {
        try {
            session.getClass().getMethod("abort").invoke(session);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Aborting a connection", e);
            return false;
        }
    }
}
