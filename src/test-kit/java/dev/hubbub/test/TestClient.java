package dev.hubbub.test;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A client in a test. What it sends is encoded, decoded and handled like a WebSocket frame.
 *
 * <p>Methods that wait do so for at most five seconds, and then fail with what the client has received instead. Events that one
 * method has returned are not returned again, so {@code expect("said")} twice expects two events.
 */
public final class TestClient {
    private static final long TIMEOUT = 5_000;

    private final HubbubExtension hubbub;
    private final NamespaceRuntime namespace;
    private final TestRequest request;

    /** The nick in each room that it has joined by {@link #join}. */
    private final Map<String, String> rooms = new LinkedHashMap<>();

    private Inbox inbox;
    private LocalClient client;
    private String session;
    private int lastId;

    TestClient(HubbubExtension hubbub, NamespaceRuntime namespace, TestRequest request) {
        this.hubbub = hubbub;
        this.namespace = namespace;
        this.request = request;
    }

    /** @param former session of the client; null for a new client */
    void open(String former) {
        Handshake handshake = request.handshake(former);
        hubbub.running().admission().requireAllowedIdentity(handshake.identity(), handshake.remoteAddress(), false);
        inbox = new Inbox();
        client = namespace
                .hub()
                .prepare(inbox, handshake, namespace.hub().recovery().idFor(handshake));
        if (namespace.hub().admit(client, Map.of())) {
            namespace.dispatcher().connected(client);
        }
        session = expect("connected").data().string("session");
    }

    public String id() {
        return client.id();
    }

    /** The client as handlers see it. */
    public Client client() {
        return client;
    }

    /**
     * Joins a room by the built-in event and waits for {@code hello}.
     *
     * @throws EventException if the server answers with an error
     */
    public TestClient join(String room) {
        return join(room, null);
    }

    /** Like {@link #join(String)}, with a nick. */
    public TestClient join(String room, String nick) {
        ask("join", joining(room, nick, ""));
        rooms.put(room, nick);
        await(
                "hello",
                event ->
                        event.name().equals("hello") && room.equals(event.data().string("room")));
        return this;
    }

    private static Data joining(String room, String nick, String since) {
        Data data = Data.of(Map.of("room", room, "since", since));
        return nick == null ? data : data.with("nick", nick);
    }

    /** Sends an event that asks for no acknowledgement. */
    public TestClient emit(String name, Object data) {
        send(EventEncoder.envelope(name, Data.of(data), null));
        return this;
    }

    /** Sends an event with an attachment. */
    public TestClient emit(String name, Object data, byte[] attachment) {
        byte[] envelope = EventEncoder.envelope(name, Data.of(data), null).getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(envelope.length + 1 + attachment.length);
        frame.put(envelope).put((byte) 0).put(attachment).flip();
        namespace.dispatcher().event(client, EventDecoder.event(frame));
        return this;
    }

    /**
     * Sends an event and waits for its acknowledgement.
     *
     * @return the data of the acknowledgement
     * @throws EventException if the server answers with an error
     */
    public Data ask(String name, Object data) {
        String id = Integer.toString(++lastId);
        send(EventEncoder.envelope(name, Data.of(data), id));
        Event answer = await(
                "an answer to \"" + name + "\"",
                event -> id.equals(event.id())
                        && (event.name().equals("ack") || event.name().equals("error")));
        if (answer.name().equals("error")) {
            throw new EventException(answer.data().string("code"), answer.data().string("message"));
        }
        return answer.data();
    }

    /** Like {@link #ask(String, Object)}, with the data of the acknowledgement bound to a type. */
    public <T> T ask(String name, Object data, Class<T> type) {
        return ask(name, data).as(type);
    }

    private void send(String frame) {
        namespace.dispatcher().event(client, EventDecoder.event(frame));
    }

    /** Waits for the next event with this name. */
    public Event expect(String name) {
        return await("\"" + name + "\"", event -> event.name().equals(name));
    }

    /** Waits for the next event with this name and binds its data. */
    public <T> T expect(String name, Class<T> type) {
        return expect(name).data().as(type);
    }

    /** Waits for the next event with this name and compares its data as JSON, in which the order of members does not matter. */
    public Event expect(String name, Object data) {
        Event event = expect(name);
        Data expected = Data.of(data);
        if (!event.data().as(JsonValue.class).equals(expected.as(JsonValue.class))) {
            throw new AssertionError(
                    "The data of \"" + name + "\" is " + event.data() + ", where " + expected + " was expected");
        }
        return event;
    }

    /** Waits for the next event {@code error} without an id: the answer to an {@link #emit}. */
    public EventException expectError() {
        Event error = await("an error", event -> event.name().equals("error") && event.id() == null);
        return new EventException(error.data().string("code"), error.data().string("message"));
    }

    /**
     * Fails if an event with this name has arrived that was not expected. To be sure that none follows, let the client {@link #ask}
     * something first: events and answers arrive in order.
     */
    public void expectNone(String name) {
        if (inbox.unexpected().stream().anyMatch(event -> event.name().equals(name))) {
            throw new AssertionError("\"" + name + "\" was not expected" + instead());
        }
    }

    /** Answers the next event with this name, with which a handler {@link Client#ask asks} the client. */
    public TestClient answer(String name, Object data) {
        Event question =
                await("\"" + name + "\" with an id", event -> event.name().equals(name) && event.wantsAck());
        send(EventEncoder.envelope("ack", Data.of(data), question.id()));
        return this;
    }

    /** Waits until the server has closed the connection. */
    public Close expectClose() {
        Close close = inbox.awaitClose(TIMEOUT);
        if (close == null) {
            throw new AssertionError("The server did not close the connection" + instead());
        }
        return close;
    }

    /** All events that the client has received on this connection, in order. */
    public List<Event> received() {
        return inbox.received();
    }

    private Event await(String what, Predicate<Event> wanted) {
        Event event = inbox.take(wanted, TIMEOUT);
        if (event == null) {
            throw new AssertionError("Expected " + what + instead());
        }
        return event;
    }

    private String instead() {
        List<Event> unexpected = inbox.unexpected();
        return unexpected.isEmpty()
                ? "; the client has received nothing else"
                : unexpected.stream()
                        .map(event -> event.name() + " " + event.data())
                        .collect(Collectors.joining(", ", "; the client has received ", ""));
    }

    /** From now on, the client reads nothing: events wait in its outbox, and it is closed when the outbox is full. */
    public TestClient stopReading() {
        inbox.stopReading();
        return this;
    }

    /** The client reads again, beginning with what has waited. */
    public TestClient resumeReading() {
        inbox.resumeReading();
        return this;
    }

    /** The connection is lost without a close frame. The client may {@link #returns return}. */
    public TestClient loseConnection() {
        inbox.lose();
        namespace.hub().disconnected(client, new Close(1006, "The connection was lost"));
        return this;
    }

    /**
     * Reconnects after a loss, with the proof of its id, and joins its rooms again: {@code hello} says {@code recovered}, and what
     * the client has missed follows.
     */
    public TestClient returns() {
        String since = String.join(",", inbox.lastPositions());
        open(session);
        rooms.forEach((room, nick) -> ask("join", joining(room, nick, since)));
        return this;
    }

    /** Disconnects as when the page is closed. Does nothing if the client has disconnected already. */
    public void close() {
        if (client != null && client.isConnected()) {
            namespace.hub().left(client, new Close(1001, ""));
        }
    }

    @Override
    public String toString() {
        return "test client " + (client == null ? "" : client.id());
    }
}
