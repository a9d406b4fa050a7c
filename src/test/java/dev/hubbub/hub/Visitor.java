package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A client and what its socket saw. */
final class Visitor {
    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS);

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    final RecordingConnection socket = new RecordingConnection();
    final LocalClient client;

    Visitor(LocalHub hub) {
        client = hub.connect(socket, HANDSHAKE);
    }

    /** Joins a room it wants to be able to come back to. */
    static Visitor newcomer(LocalHub hub, String room) {
        Visitor visitor = new Visitor(hub);
        hub.room(room).join(visitor.client, null, "");
        visitor.awaitHello();
        return visitor;
    }

    /** Comes back. */
    Visitor(LocalHub hub, Visitor former, String room, String since) {
        Map<String, List<String>> query = Map.of("was", List.of(former.client.id()));
        client = hub.connect(socket, new Handshake("127.0.0.1", Map.of(), query, Identity.ANONYMOUS));
        hub.room(room).join(client, null, since);
        awaitHello();
    }

    void awaitHello() {
        await().until(() -> !socket.data("hello").isEmpty());
    }

    /** The last position that it was told. */
    String position() {
        String all = String.join("\n", socket.frames);
        int start = all.lastIndexOf("\"position\":\"") + 12;
        return all.substring(start, all.indexOf('"', start));
    }

    boolean recovered() {
        return socket.data("hello").get(0).contains("\"recovered\":true");
    }

    void sees(String name, String... data) {
        await().untilAsserted(() -> assertThat(socket.data(name).stream()
                        .map(seen -> seen.replaceAll("\"epoch\":\"[\\w-]{11}\"", "\"epoch\":\"E\"")))
                .containsExactly(data));
    }
}
