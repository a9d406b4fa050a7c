package dev.hubbub.client;

import java.io.DataInputStream;
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

    public void send(byte[] bytes) throws IOException {
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
    public int awaitCloseCode() throws IOException {
        while (true) {
            Received frame = receive();
            if (frame.opcode == 8) {
                return (frame.payload[0] & 0xff) << 8 | frame.payload[1] & 0xff;
            }
        }
    }

    /** Skips frames up to one that contains this text and returns it. */
    public String awaitText(String part) throws IOException {
        while (true) {
            String text = new String(receive().payload, StandardCharsets.UTF_8);
            if (text.contains(part)) {
                return text;
            }
        }
    }

    record Received(int opcode, byte[] payload) {}

    Received receive() throws IOException {
        DataInputStream in = new DataInputStream(in());
        int opcode = in.readUnsignedByte() & 15;
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Received(opcode, payload);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
