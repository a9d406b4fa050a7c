package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A client of a hub, with a connection that records what it is sent. */
public final class TestClient {
    static final Close GOING_AWAY = new Close(1001, "");

    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS);

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    public final RecordingConnection socket = new RecordingConnection();
    public final LocalClient client;
    private final LocalHub hub;

    public TestClient(LocalHub hub) {
        this.hub = hub;
        client = TestHub.connect(hub, socket, HANDSHAKE);
    }

    /** Connects and joins a room with positions, so that it can reconnect later. */
    public static TestClient joined(LocalHub hub, String room) {
        TestClient testClient = new TestClient(hub);
        hub.room(room).join(testClient.client, Join.PLAIN.since(""));
        testClient.awaitHello();
        return testClient;
    }

    /** Reconnects as a client that was connected before, and rejoins a room from a position. */
    TestClient(LocalHub hub, TestClient previous, String room, String since) {
        this.hub = hub;
        Map<String, List<String>> query = Map.of("was", List.of(previous.client.id()));
        client = TestHub.connect(hub, socket, new Handshake("127.0.0.1", Map.of(), query, Identity.ANONYMOUS));
        hub.room(room).join(client, Join.PLAIN.since(since));
        awaitHello();
    }

    public void disconnect() {
        hub.disconnected(client, GOING_AWAY);
    }

    public void awaitHello() {
        await().until(() -> !socket.data("hello").isEmpty());
    }

    /** The last position that it received. */
    String position() {
        String all = String.join("\n", socket.frames);
        int start = all.lastIndexOf("\"position\":\"") + 12;
        return all.substring(start, all.indexOf('"', start));
    }

    boolean recovered() {
        return socket.data("hello").get(0).contains("\"recovered\":true");
    }

    /** Waits until it has received exactly these events of a name. */
    public void receives(String name, String... data) {
        await().untilAsserted(() -> assertThat(socket.data(name).stream()
                        .map(sent -> sent.replaceAll("\"epoch\":\"[\\w-]{11}\"", "\"epoch\":\"E\"")))
                .containsExactly(data));
    }
}
