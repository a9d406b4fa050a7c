package dev.hubbub.soak;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Scanner;
import dev.hubbub.protocol.EventDecoder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that checks each event that it receives. */
final class SoakClient implements WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What a client knows about a room of which it is a member. */
    static final class View {
        long position;
        final Set<String> members = new HashSet<>();
        final Map<String, Long> lastOf = new HashMap<>();
    }

    final Map<String, View> rooms = new ConcurrentHashMap<>();
    final Map<String, Long> published = new HashMap<>();
    private final List<String> faults;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private volatile String id;
    private volatile CountDownLatch acknowledged;
    private volatile boolean leaving;
    long received;

    SoakClient(URI url, List<String> faults) throws InterruptedException {
        this.faults = faults;
        socket = HTTP.newWebSocketBuilder().buildAsync(url, this).join();
        if (!connected.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Not connected");
        }
    }

    String id() {
        return id;
    }

    /** Sends an event with an id and waits for the acknowledgement. */
    void ask(String name, String room) throws InterruptedException {
        acknowledged = new CountDownLatch(1);
        send("{\"name\":\"" + name + "\",\"data\":{\"room\":\"" + room + "\"},\"id\":1}");
        if (!acknowledged.await(20, TimeUnit.SECONDS)) {
            faults.add(id + ": no acknowledgement of " + name);
        }
    }

    void publish(String room) {
        long n = published.merge(room, 1L, Long::sum);
        send("{\"name\":\"message\",\"data\":{\"room\":\"" + room + "\",\"n\":\"" + n + "\"}}");
    }

    void close() {
        leaving = true;
        socket.sendClose(1000, "").join();
    }

    void abort() {
        leaving = true;
        socket.abort();
    }

    private void send(String frame) {
        socket.sendText(frame, true).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            try {
                handle(EventDecoder.event(text.toString()));
            } catch (RuntimeException e) {
                faults.add(id + ": " + e);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private synchronized void handle(Event event) {
        received++;
        Data data = event.data();
        switch (event.name()) {
            case "connected" -> {
                id = data.string("id");
                connected.countDown();
            }
            case "hello" -> hello(data);
            case "ack" -> acknowledged.countDown();
            case "joined" -> {
                if (!view(data).members.add(data.string("id"))) {
                    faults.add(id + " receives joined twice: " + data);
                }
            }
            case "left" -> {
                if (data.string("id").equals(id)) {
                    rooms.remove(data.string("room"));
                } else if (!view(data).members.remove(data.string("id"))) {
                    faults.add(id + " receives left of a client that was not a member: " + data);
                }
            }
            case "message" -> message(data);
            default -> faults.add(id + " gets " + event);
        }
    }

    private void hello(Data data) {
        View view = new View();
        view.position = Long.parseLong(Scanner.member(data.json(), "position"));
        String members = Scanner.member(data.json(), "members");
        Scanner.forEachElement(
                members,
                (start, end) -> view.members.add(
                        Data.parse(members.substring(start, end)).string("id")));
        rooms.put(data.string("room"), view);
    }

    private void message(Data data) {
        View view = view(data);
        view.position++; // presence events have no position
        long n = Long.parseLong(data.string("n"));
        Long before = view.lastOf.put(data.string("from"), n);
        if (before != null && n != before + 1) {
            faults.add(id + " gets " + n + " after " + before + ": " + data);
        }
        if (!view.members.contains(data.string("from"))) {
            faults.add(id + " receives an event of a client that is not a member: " + data);
        }
    }

    private View view(Data data) {
        View view = rooms.get(data.string("room"));
        if (view == null) {
            throw new IllegalStateException("receives an event of a room that it has not joined: " + data);
        }
        return view;
    }

    synchronized Map<String, View> views() {
        return Collections.unmodifiableMap(rooms);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        if (!leaving) {
            faults.add(id + ": " + failure);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (!leaving) {
            faults.add(id + " is closed with " + code + " " + reason);
        }
        return null;
    }
}
