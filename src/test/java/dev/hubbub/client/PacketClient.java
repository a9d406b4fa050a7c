package dev.hubbub.client;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that keeps the frames it receives; a binary frame as {@code bytes:} and its bytes in ISO 8859-1. */
public final class PacketClient implements AutoCloseable, WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public final List<String> frames = new CopyOnWriteArrayList<>();
    public volatile boolean closed;

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final WebSocket socket;
    private int seen;

    public PacketClient(URI url) {
        socket = HTTP.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(url, this)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    public PacketClient send(String frame) {
        socket.sendText(frame, true).orTimeout(10, TimeUnit.SECONDS).join();
        return this;
    }

    public PacketClient send(byte... frame) {
        socket.sendBinary(ByteBuffer.wrap(frame), true)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        return this;
    }

    /** Waits for the next frame. */
    public String next() {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> frames.size() > seen);
        return frames.get(seen++);
    }

    /** Waits for the next frame that starts with this text and skips the frames before it. */
    public String next(String start) {
        String frame = next();
        while (!frame.startsWith(start)) {
            frame = next();
        }
        return frame;
    }

    public void awaitClose() {
        await().atMost(Duration.ofSeconds(10)).until(() -> closed);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            frames.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            frames.add("bytes:" + binary.toString(StandardCharsets.ISO_8859_1));
            binary.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed = true;
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed = true;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
