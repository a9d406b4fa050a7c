package dev.hubbub.socketio;

import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Several packets in the body of one request or response (Engine.IO protocol 4, "Packet encoding", HTTP long-polling). */
final class Payload {
    private static final String SEPARATOR = "\u001e";
    private static final String BASE64 = "b";

    private Payload() {}

    static String of(Stream<Frame> packets) {
        return packets.map(Payload::encode).collect(Collectors.joining(SEPARATOR));
    }

    private static String encode(Frame packet) {
        return packet.kind() == Frame.Kind.TEXT
                ? packet.text()
                : BASE64
                        + StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(packet.payload()));
    }

    /** Lets the session handle one packet after another. */
    static void receive(String payload, EngineSession session) throws BadPacketException {
        for (String packet : payload.split(SEPARATOR, -1)) {
            if (packet.startsWith(BASE64)) {
                session.receive(bytes(packet.substring(BASE64.length())));
            } else {
                session.receive(packet);
            }
        }
    }

    private static ByteBuffer bytes(String base64) throws BadPacketException {
        try {
            // The Java client breaks it into lines.
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64.replace("\n", "")));
        } catch (IllegalArgumentException e) {
            throw new BadPacketException("A binary packet must be Base64");
        }
    }
}
