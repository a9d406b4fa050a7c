package dev.hubbub.container.tyrus;

import dev.hubbub.container.Fields;
import dev.hubbub.container.SocketWriter;
import dev.hubbub.container.WireWriter;
import dev.hubbub.hub.Connection.Sent;
import java.nio.ByteBuffer;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Writes joined frames with the {@code Writer} of Tyrus's SPI, which accepts any bytes and tells when they are written. The APIs
 * above it either encode each message again for each client, or do not tell when it is written.
 */
final class TyrusWriter extends WireWriter {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final TyrusCloseHandshake handshake;

    private volatile boolean writing;

    TyrusWriter(TyrusCloseHandshake handshake, int compressFrom) {
        super(compressFrom);
        this.handshake = handshake;
    }

    @Override
    protected void write(ByteBuffer frames, Sent sent) {
        writing = true;
        handshake.write(frames, new Completion(sent));
    }

    /**
     * Ends the socket as well if a write is under way: the close frame waits behind what the client does not read, and Tyrus and
     * Grizzly would keep the socket for as long as the client reads nothing.
     */
    @Override
    public void close(Runnable closeSession) {
        Object stuck = writing ? grizzlyConnection() : null; // cannot be found once the session is closed
        closeSession.run();
        if (stuck != null) {
            try {
                stuck.getClass().getMethod("terminateSilently").invoke(stuck);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
            }
        }
    }

    private Object grizzlyConnection() {
        Writer writer = handshake.socket();
        try {
            if (!writer.getClass().getName().equals("org.glassfish.tyrus.servlet.TyrusServletWriter")) {
                return Fields.get(writer, "connection");
            }
            // On Payara and GlassFish, Tyrus runs on an upgraded servlet request, and that on Grizzly.
            Object stream = Fields.get(Fields.get(writer, "servletOutputStream"), "ob");
            return Fields.get(Fields.get(stream, "grizzlyOutputBuffer"), "connection");
        } catch (ReflectiveOperationException | RuntimeException notGrizzly) {
            LOG.log(System.Logger.Level.DEBUG, "Looking for the Grizzly connection beneath Tyrus", notGrizzly);
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
            sent.sent(SocketWriter.failure(failure));
        }

        @Override
        public void cancelled() {
            writing = false;
            sent.sent(SocketWriter.failure(null));
        }
    }
}
