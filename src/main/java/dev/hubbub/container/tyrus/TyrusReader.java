package dev.hubbub.container.tyrus;

import dev.hubbub.container.Fields;
import dev.hubbub.container.MessageReceiver;
import jakarta.websocket.CloseReason;
import java.nio.ByteBuffer;
import java.util.List;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.extension.ExtendedExtension;
import org.glassfish.tyrus.core.frame.CloseFrame;
import org.glassfish.tyrus.core.frame.Frame;
import org.glassfish.tyrus.spi.ReadHandler;

/**
 * Reads the frames of one connection in place of Tyrus, which (2.1 and 2.2) accepts frames without a mask, keeps up to 4 MB of a
 * frame whatever the limit of a message is, copies what it keeps each time that more arrives, and keeps that buffer for as long as
 * the connection is open.
 */
final class TyrusReader implements ReadHandler, FrameReader.Receiver {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final FrameReader frames;
    private final ProtocolHandler protocol;
    private final TyrusWebSocket socket;
    private final List<?> extensions;
    private final MessageReceiver receiver;
    private boolean failed;

    private TyrusReader(MessageReceiver receiver, ProtocolHandler protocol, TyrusWebSocket socket, List<?> extensions) {
        frames = new FrameReader(!extensions.isEmpty(), receiver.maxMessage(), receiver::tooBig);
        this.receiver = receiver;
        this.protocol = protocol;
        this.socket = socket;
        this.extensions = extensions;
    }

    /** A reader that takes the place of Tyrus's own; that itself if the connection is not Hubbub's or this Tyrus is unknown. */
    static ReadHandler of(ReadHandler tyrus) {
        try {
            ProtocolHandler protocol = (ProtocolHandler) Fields.get(tyrus, "protocolHandler");
            if (!(Fields.get(protocol, "writer") instanceof TyrusCloseHandshake handshake)
                    || handshake.receiver() == null) {
                return tyrus;
            }
            List<?> extensions = (List<?>) Fields.get(protocol, "extensions");
            return new TyrusReader(
                    handshake.receiver(), protocol, (TyrusWebSocket) Fields.get(tyrus, "socket"), extensions);
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "This version of Tyrus buffers frames before their size is checked",
                    unknown);
            return tyrus;
        }
    }

    @Override
    public void handle(ByteBuffer data) {
        try {
            if (!failed) {
                frames.read(data, this);
            }
        } catch (WebSocketException e) {
            fail(e, e.getCloseReason());
        } catch (RuntimeException | Error e) {
            fail(e, new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "The server failed to read a frame"));
        } finally {
            data.position(data.limit());
        }
    }

    @Override
    public void text(byte[] message) {
        receiver.text(Utf8Check.decode(message));
    }

    @Override
    public void frame(Frame received) {
        Frame frame = received;
        for (Object extension : extensions) {
            frame = ((ExtendedExtension) extension).processIncoming(null, frame);
        }
        protocol.process(frame, socket);
    }

    /** Closes the connection and reads nothing more: after a violation of the protocol, the next frame cannot be found. */
    private void fail(Throwable cause, CloseReason reason) {
        failed = true;
        LOG.log(System.Logger.Level.DEBUG, "A WebSocket frame was refused", cause);
        socket.onClose(new CloseFrame(reason));
    }
}
