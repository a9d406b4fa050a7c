package dev.hubbub.websocket;

import jakarta.websocket.Extension;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.glassfish.tyrus.core.extension.ExtendedExtension;
import org.glassfish.tyrus.core.frame.Frame;

/**
 * permessage-deflate (RFC 7692) for one connection of Tyrus, which has none of its own. Neither side keeps anything from one
 * message to the next, so a connection that is idle costs nothing more. What is sent is compressed in {@link TyrusConnection};
 * here is what is received.
 *
 * <p>The project's {@code tyrus-extension-deflate} (2.1.5) does not fit: it inflates whatever comes, however much that is, and
 * does not end on a stream that says to be finished.
 */
final class TyrusDeflate implements ExtendedExtension {
    /** RFC 7692, section 7.1.1: what an offer may ask for; and section 7.1.2.1: a smaller window than ours. */
    private static final Set<String> KNOWN = Set.of(
            "server_no_context_takeover",
            "client_no_context_takeover",
            "client_max_window_bits",
            "server_max_window_bits");

    private static final String OUR_WINDOW_BITS = "15";

    /** RFC 7692, section 7.2.2: what senders take off the end of a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** RFC 6455, section 5.2. */
    private static final int CONTINUATION = 0;

    private static final int PART = 4096;

    private final int maxPayload;
    /** Of the message that is being received, if that is compressed. */
    private Inflater inflater;

    TyrusDeflate(int maxPayload) {
        this.maxPayload = maxPayload;
    }

    /** What is agreed on with who offers this; where one offer does not suit, another may. */
    static List<Extension> agree(List<Extension> offers, int maxPayload) {
        return offers.stream().anyMatch(TyrusDeflate::suits) ? List.of(new TyrusDeflate(maxPayload)) : List.of();
    }

    private static boolean suits(Extension offer) {
        return offer.getName().equals(SessionConnection.DEFLATE)
                && offer.getParameters().stream()
                        .allMatch(parameter -> KNOWN.contains(parameter.getName())
                                && (!parameter.getName().equals("server_max_window_bits")
                                        || OUR_WINDOW_BITS.equals(parameter.getValue())));
    }

    @Override
    public String getName() {
        return SessionConnection.DEFLATE;
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
        // is the client's side
    }

    @Override
    public Frame processOutgoing(ExtensionContext context, Frame frame) {
        return frame; // as any sender may
    }

    /**
     * A frame that is not as the RFC has it is passed on as it came, and Tyrus closes the connection with 1002. Of a message that
     * becomes too long so much is passed on that the endpoint sees it.
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
        byte[] part = new byte[PART];
        inflater.setInput(payload);
        int length;
        do {
            length = inflater.inflate(part);
            to.write(part, 0, length);
        } while (length > 0 && to.size() <= maxPayload);
    }

    /** It may be while another thread still reads; what is left of a message goes with the connection. */
    @Override
    public void destroy(ExtensionContext context) {}
}
