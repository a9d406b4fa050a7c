package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much of its members a room shows: all of them, their number, or nothing. */
class PresenceRulesTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub().presence("quiet-*=off,number=count,all=full", 25));

    private TestClient connect() {
        return new TestClient(hub);
    }

    @Test
    void aLargeRoomReceivesTheMemberCountInsteadOfTheMembers() {
        List<TestClient> members = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestClient testClient = connect();
            hub.room("a").join(testClient.client);
            members.add(testClient);
        }
        receivesCount(members.get(0), 100);
        assertThat(members.get(0).socket.data("joined")).hasSize(24);
        assertThat(members.get(99).socket.data("hello").get(0)).contains("\"members\":[],\"count\":100,\"epoch\":");
        members.subList(10, 100).forEach(TestClient::disconnect);
        receivesCount(members.get(0), 10);
        members.get(0).receives("left");
        assertThat(hub.room("a").members()).hasSize(10);
    }

    /** The number of intermediate counts depends on timing; the last one does not. */
    private static void receivesCount(TestClient member, int count) {
        await().untilAsserted(() -> assertThat(member.socket.data("presence"))
                .last()
                .asString()
                .matches("\\{\"room\":\"a\",\"count\":" + count + "[,}].*"));
    }

    @Test
    void presenceIsConfiguredPerRoom() {
        TestClient first = connect();
        Map<String, TestClient> last = new HashMap<>();
        for (String room : List.of("quiet-1", "number", "all")) {
            hub.room(room).join(first.client);
            for (int i = 0; i < 30; i++) {
                last.put(room, connect());
                hub.room(room).join(last.get(room).client);
            }
        }
        await().untilAsserted(() -> {
            assertThat(hello(last.get("quiet-1"))).contains("\"members\":[],\"epoch\":");
            assertThat(hello(last.get("number"))).contains("\"members\":[],\"count\":31,");
            assertThat(hello(last.get("all")).split("\\{\"id\"")).hasSize(33);
            assertThat(first.socket.data("presence")).contains("{\"room\":\"number\",\"count\":31}");
        });
        assertThat(first.socket.data("joined")).hasSize(30).allMatch(data -> data.contains("\"room\":\"all\""));
        assertThat(first.socket.data("presence")).allMatch(data -> data.contains("\"room\":\"number\""));
    }

    private static String hello(TestClient testClient) {
        return String.join("", testClient.socket.data("hello"));
    }
}
