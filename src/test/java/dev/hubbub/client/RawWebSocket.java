package dev.hubbub.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket that is written and read byte by byte, for frames and timing that a WebSocket library does not allow. */
public final class RawWebSocket implements AutoCloseable {
    /** A masked close frame with code 1000. */
    static final byte[] CLOSE_1000 = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8};

    /** A masked close frame with code 1008. */
    static final byte[] CLOSE_1008 = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xf0};

    final Socket socket;

    /** The status line and the headers of the response; what has been received of them if the connection ended. */
    final String head;

    /** @param connected a socket that is connected to the server */
    RawWebSocket(Socket connected, URI application, String path, String... headers) throws IOException {
        socket = connected;
        socket.setSoTimeout(10_000);
        String request = HandshakeProbe.upgradeRequest(application, path, headers);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        head = HandshakeProbe.readHead(socket.getInputStream());
    }

    /** Requests a WebSocket and reads the head of the response, whatever its status is. */
    public static RawWebSocket open(URI application, String path, String... headers) throws IOException {
        return new RawWebSocket(new Socket(application.getHost(), application.getPort()), application, path, headers);
    }

    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a text frame, masked with zeros. @param text at most 125 bytes */
    void sendText(byte[] text) throws IOException {
        send(ByteBuffer.allocate(6 + text.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | text.length))
                .putInt(0)
                .put(text)
                .array());
    }

    /** Skips frames up to the close frame and returns its code. */
    int awaitCloseCode() throws IOException {
        InputStream in = in();
        while (true) {
            int opcode = in.read() & 15;
            int length = in.read();
            if (length == 126) {
                length = in.read() << 8 | in.read();
            }
            byte[] payload = in.readNBytes(length);
            if (opcode == 8) {
                return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
