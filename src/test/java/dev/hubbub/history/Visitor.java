package dev.hubbub.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestHub;
import java.util.List;
import java.util.Map;

/** A client whose frames are recorded. */
final class Visitor {
    final RecordingConnection socket = new RecordingConnection();
    final LocalClient client;

    Visitor(Node node, Identity identity) {
        client = TestHub.connect(node.hub, socket, new Handshake("127.0.0.1", Map.of(), Map.of(), identity));
    }

    String hello() {
        await().until(() -> !socket.data("hello").isEmpty());
        return socket.data("hello").get(0);
    }

    boolean recovered() {
        return hello().contains("\"recovered\":true");
    }

    /** The data of the events x. */
    List<String> events() {
        return socket.data("x").stream()
                .map(data -> data.replaceAll(",\"position\".*", ""))
                .toList();
    }

    void receives(Object... data) {
        List<String> expected = List.of(data).stream().map(String::valueOf).toList();
        await().untilAsserted(() -> assertThat(events()).isEqualTo(expected));
    }
}
