package dev.hubbub.container.tyrus;

import dev.hubbub.container.PerMessageDeflate;
import jakarta.websocket.Extension;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.glassfish.tyrus.core.extension.ExtendedExtension;
import org.glassfish.tyrus.core.frame.Frame;

/**
 * permessage-deflate (RFC 7692) for one connection of Tyrus, which does not implement it. Neither side keeps a compression context
 * from one message to the next, so an idle connection costs no additional memory. This class decompresses received messages;
 * {@link TyrusWriter} sends messages that are compressed already.
 *
 * <p>Tyrus's own {@code tyrus-extension-deflate} (2.1.5) is unsuitable: it inflates a message without any limit, and does not
 * terminate on a deflate stream that ends with a final block.
 */
final class TyrusDeflate implements ExtendedExtension {
    /** A sender removes these bytes from the end of a message, and the receiver appends them (RFC 7692, section 7.2.2). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** The opcode of a continuation frame (RFC 6455, section 5.2). */
    private static final int CONTINUATION = 0;

    private static final int BUFFER_SIZE = 4096;

    private final int maxPayload;
    /** Inflates the message that is being received; null between messages and if that message is not compressed. */
    private Inflater inflater;

    TyrusDeflate(int maxPayload) {
        this.maxPayload = maxPayload;
    }

    /** Accepts the client's first acceptable offer. */
    static List<Extension> negotiate(List<Extension> offers, int maxPayload) {
        return offers.stream().anyMatch(PerMessageDeflate::isAcceptable)
                ? List.of(new TyrusDeflate(maxPayload))
                : List.of();
    }

    @Override
    public String getName() {
        return PerMessageDeflate.NAME;
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(new Flag("server_no_context_takeover"), new Flag("client_no_context_takeover"));
    }

    private record Flag(String getName) implements Parameter {
        @Override
        public String getValue() {
            return null;
        }
    }

    @Override
    public List<Parameter> onExtensionNegotiation(ExtensionContext context, List<Parameter> requestedParameters) {
        return getParameters();
    }

    @Override
    public void onHandshakeResponse(ExtensionContext context, List<Parameter> responseParameters) {
        // only called in a client
    }

    @Override
    public Frame processOutgoing(ExtensionContext context, Frame frame) {
        return frame; // compressed already, or short: a sender may leave messages uncompressed
    }

    /**
     * Inflates the payload. A frame that violates the RFC is passed on with RSV1 set, and Tyrus closes the connection with 1002. Of
     * a message over the limit, one byte more than the limit is passed on, so that the endpoint rejects it.
     */
    @Override
    public Frame processIncoming(ExtensionContext context, Frame frame) {
        boolean first = frame.isRsv1() && frame.getOpcode() != CONTINUATION;
        boolean next = !frame.isRsv1() && frame.getOpcode() == CONTINUATION;
        if (frame.isControlFrame() || !(inflater == null ? first : next)) {
            return frame;
        }
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            byte[] payload = inflate(frame.getPayloadData(), frame.isFin());
            return Frame.builder(frame)
                    .rsv1(false)
                    .payloadLength(payload.length)
                    .payloadData(payload)
                    .build();
        } catch (DataFormatException e) {
            return Frame.builder(frame).rsv1(true).build();
        } finally {
            if (frame.isFin()) {
                inflater.end();
                inflater = null;
            }
        }
    }

    private byte[] inflate(byte[] payload, boolean last) throws DataFormatException {
        ByteArrayOutputStream inflated = new ByteArrayOutputStream(2 * payload.length);
        inflate(payload, inflated);
        if (last && inflated.size() <= maxPayload) {
            inflate(TAIL, inflated);
        }
        return inflated.size() > maxPayload ? new byte[maxPayload + 1] : inflated.toByteArray();
    }

    private void inflate(byte[] payload, ByteArrayOutputStream to) throws DataFormatException {
        byte[] part = new byte[BUFFER_SIZE];
        inflater.setInput(payload);
        int length;
        do {
            length = inflater.inflate(part);
            to.write(part, 0, length);
        } while (length > 0 && to.size() <= maxPayload);
    }

    /** Does nothing, because another thread may still be reading. The inflater of an unfinished message is garbage collected. */
    @Override
    public void destroy(ExtensionContext context) {}
}
