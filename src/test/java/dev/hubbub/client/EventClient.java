package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket client that sends frames and keeps every event that it receives. */
public final class EventClient implements AutoCloseable, WebSocket.Listener {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().sslContext(TrustAll.context()).build();

    public final List<Event> events = new CopyOnWriteArrayList<>();
    private final Map<Event, String> positions = Collections.synchronizedMap(new IdentityHashMap<>());
    public volatile int closeCode;
    public volatile String closeReason;

    private volatile String position;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final WebSocket socket;
    private int seen;

    /** @param headers name, value, name, value ... */
    public EventClient(URI url, String... headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(url, this).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** The WebSocket URL of an application. @param application ends with a slash */
    public static URI events(URI application) {
        return URI.create(application.toString().replaceFirst("http", "ws") + "events");
    }

    /** Connects and waits for {@code connected}. */
    public static EventClient connect(URI url, String... headers) {
        EventClient client = new EventClient(url, headers);
        client.next("connected");
        return client;
    }

    public EventClient send(String frame) {
        socket.sendText(frame, true).orTimeout(10, TimeUnit.SECONDS).join();
        return this;
    }

    public EventClient send(byte[] frame) {
        socket.sendBinary(ByteBuffer.wrap(frame), true)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        return this;
    }

    public String id() {
        return events.get(0).data().string("id");
    }

    /** Waits for the next event with this name and skips the events before it. */
    public Event next(String name) {
        return next(event -> event.name().equals(name));
    }

    /** Waits for the next event that matches and skips the events before it. */
    public Event next(Predicate<Event> wanted) {
        if (!find(wanted)) {
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> find(wanted));
        }
        return events.get(seen - 1);
    }

    private boolean find(Predicate<Event> wanted) {
        while (seen < events.size()) {
            if (wanted.test(events.get(seen++))) {
                return true;
            }
        }
        return false;
    }

    /** The position of an event; null if it has none. */
    public String position(Event event) {
        return positions.get(event);
    }

    /** The position of the last event that had one; null if there was none. */
    public String lastPosition() {
        return position;
    }

    /** Joins a room and waits for {@code hello}. */
    public EventClient join(String room) {
        send("{\"name\":\"join\",\"data\":{\"room\":\"" + room + "\"}}");
        next("hello");
        return this;
    }

    /** The number of members in the last {@code hello}. */
    public int members() {
        int[] members = {0};
        Scanner.forEachElement(
                Scanner.member(events.get(seen - 1).data().json(), "members"), (start, end) -> members[0]++);
        return members[0];
    }

    /** The events received before the answer to a ping that is sent now. */
    public List<Event> untilPong() {
        int before = seen;
        send("{\"name\":\"ping\"}");
        next("pong");
        return events.subList(before, seen - 1);
    }

    public void awaitClose(int code) {
        await().atMost(Duration.ofSeconds(10)).until(() -> closeCode != 0);
        assertThat(closeCode).isEqualTo(code);
    }

    /** Waits for the next error and checks its code. */
    public Data error(String code) {
        Event error = next("error");
        assertThat(error.data().string("code")).isEqualTo(code);
        return error.data();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            Event event = EventDecoder.event(text.toString());
            String at = Scanner.member(text.toString(), "position");
            if (at != null) {
                position = Scanner.unquote(at);
                positions.put(event, position);
            }
            events.add(event);
            text.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            events.add(EventDecoder.event(ByteBuffer.wrap(binary.toByteArray())));
            binary.reset();
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closeReason = reason;
        closeCode = code;
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        closeReason = failure.toString();
        closeCode = 1006;
    }

    /** Drops the connection without a close frame, like a phone that loses its network. */
    public void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        if (!socket.isOutputClosed()) {
            socket.abort();
        }
    }

    /** A {@code message} event. */
    public static String message(String room, Object text) {
        return "{\"name\":\"message\",\"data\":{\"room\":\"" + room + "\",\"text\":\"" + text + "\"}}";
    }

    /** A binary frame: an event and its attachment. */
    public static byte[] binary(String envelope, byte[] attachment) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(json.length + 1 + attachment.length);
        return frame.put(json).put((byte) 0).put(attachment).array();
    }
}
