package dev.hubbub.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client: a WebSocket (RFC 6455) on a channel that does not block. */
final class Connection {
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    final int index;
    final int room;
    private final URI url;
    private final Receiver receiver;
    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] in = new byte[2_048];
    private int received;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private boolean upgraded;

    /** What connections receive; called by the thread that selects. */
    interface Receiver {
        void upgraded(Connection connection) throws IOException;

        /** @param start where the text of the frame begins */
        void received(Connection connection, byte[] bytes, int start, int end);
    }

    Connection(Receiver receiver, Selector selector, URI url, int index, int room) throws IOException {
        this.receiver = receiver;
        this.url = url;
        this.index = index;
        this.room = room;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    void ready(ByteBuffer buffer) throws IOException {
        if (key.isConnectable() && channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            write(ByteBuffer.wrap(("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
        }
        if (key.isWritable()) {
            flush();
        }
        if (key.isReadable()) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new EOFException("The server has closed a connection");
            }
            parse(buffer.array(), buffer.position());
        }
    }

    void close() throws IOException {
        channel.close();
    }

    private void parse(byte[] bytes, int length) throws IOException {
        byte[] all = bytes;
        int end = length;
        if (received > 0) {
            append(bytes, length);
            all = in;
            end = received;
        }
        int start = upgraded ? 0 : upgrade(all, end);
        while (upgraded && start < end) {
            int next = frame(all, start, end);
            if (next == start) {
                break;
            }
            start = next;
        }
        received = 0;
        append(Arrays.copyOfRange(all, start, end), end - start);
    }

    private void append(byte[] bytes, int length) {
        if (in.length < received + length) {
            in = Arrays.copyOf(in, 2 * (received + length));
        }
        System.arraycopy(bytes, 0, in, received, length);
        received += length;
    }

    private int upgrade(byte[] bytes, int end) throws IOException {
        int at = indexOf(bytes, 0, end, END_OF_HEADERS);
        if (at < 0) {
            return 0;
        }
        String response = new String(bytes, 0, at, StandardCharsets.US_ASCII);
        if (!response.startsWith("HTTP/1.1 101")) {
            throw new IOException("The handshake was rejected: " + response);
        }
        upgraded = true;
        receiver.upgraded(this);
        return at + END_OF_HEADERS.length;
    }

    /** @return where the next frame begins; {@code start} if this one is not complete */
    private int frame(byte[] bytes, int start, int end) throws IOException {
        if (end - start < 2) {
            return start;
        }
        int header = 2;
        long length = bytes[start + 1] & 0x7F;
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        header += extended;
        if (end - start < header) {
            return start;
        }
        if (extended > 0) {
            length = 0;
            for (int i = 0; i < extended; i++) {
                length = length << 8 | bytes[start + 2 + i] & 0xFF;
            }
        }
        if (end - start - header < length) {
            return start;
        }
        int from = start + header;
        int to = from + (int) length;
        switch (bytes[start] & 0x0F) {
            case 0, TEXT -> receiver.received(this, bytes, from, to);
            case PING -> send(PONG, Arrays.copyOfRange(bytes, from, to));
            case CLOSE -> throw new EOFException("The server has closed a connection");
            default -> {}
        }
        return to;
    }

    void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame with a mask of zeros, which is as valid as any other. */
    private void send(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
        frame.put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        write(frame.putInt(0).put(payload).flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (!out.hasRemaining()) {
            channel.write(bytes);
        }
        if (bytes.hasRemaining()) {
            out = ByteBuffer.allocate(out.remaining() + bytes.remaining())
                    .put(out)
                    .put(bytes)
                    .flip();
            key.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private void flush() throws IOException {
        channel.write(out);
        if (!out.hasRemaining()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    static int indexOf(byte[] bytes, int start, int end, byte[] wanted) {
        for (int i = start; i <= end - wanted.length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
