package dev.hubbub.websocket;

import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Tyrus: the standalone run, Payara and GlassFish. Its writer takes any bytes and says when they are written. The API
 * above it frames each message anew, or tells nobody of the end. Where the writer cannot be reached, {@link #of} gives
 * nothing and the portable way is taken.
 */
final class TyrusConnection extends WireConnection {
    private final TyrusCloseHandshake gate;

    private volatile boolean writing;

    private TyrusConnection(Session session, TyrusCloseHandshake gate, int compressFrom) {
        super(session, compressFrom);
        this.gate = gate;
    }

    /** Null if Tyrus is not as we know it; the session has no extension but ours. */
    static SessionConnection of(Session session, CloseHandshake gate, int compressFrom) {
        return gate == null ? null : new TyrusConnection(session, (TyrusCloseHandshake) gate, compressFrom);
    }

    @Override
    void write(ByteBuffer frames, Sent sent) {
        writing = true;
        gate.write(frames, new Completion(sent));
    }

    /**
     * For a reader that has stopped, the close frame waits behind what it does not read, and Tyrus and Grizzly would keep
     * the socket for as long as it sleeps.
     */
    @Override
    void end(int code, String reason) {
        Object stuck = writing ? grizzlyConnection() : null; // not to be found once the session is closed
        super.end(code, reason);
        if (stuck != null) {
            try {
                stuck.getClass().getMethod("terminateSilently").invoke(stuck);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
            }
        }
    }

    private Object grizzlyConnection() {
        Writer writer = gate.socket();
        try {
            if (!writer.getClass().getName().equals("org.glassfish.tyrus.servlet.TyrusServletWriter")) {
                return TyrusCloseHandshake.field(writer, "connection");
            }
            // On Payara and GlassFish Tyrus sits on a servlet's upgrade, and that on Grizzly.
            Object stream = TyrusCloseHandshake.field(TyrusCloseHandshake.field(writer, "servletOutputStream"), "ob");
            return TyrusCloseHandshake.field(TyrusCloseHandshake.field(stream, "grizzlyOutputBuffer"), "connection");
        } catch (ReflectiveOperationException | RuntimeException notGrizzly) {
            LOG.log(System.Logger.Level.DEBUG, "Looking for the connection below Tyrus", notGrizzly);
            return null;
        }
    }

    private final class Completion extends CompletionHandler<ByteBuffer> {
        private final Sent sent;

        Completion(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void completed(ByteBuffer written) {
            writing = false;
            sent.sent(null);
        }

        @Override
        public void failed(Throwable failure) {
            writing = false;
            sent.sent(failure(failure));
        }

        @Override
        public void cancelled() {
            writing = false;
            sent.sent(failure(null));
        }
    }
}
