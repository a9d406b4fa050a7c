package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.json.Scanner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Presence events when many clients join and leave. */
class PresenceQueueTest {
    /** More than one batch of presence events, but still a small room. */
    private static final int CLIENTS = 150;

    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private List<TestClient> joinAll() {
        List<TestClient> members = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            TestClient testClient = new TestClient(hub);
            hub.room("a").join(testClient.client, "n" + i);
            members.add(testClient);
        }
        return members;
    }

    private static List<String> nicks(TestClient testClient, String event) {
        return testClient.socket.data(event).stream()
                .map(data -> data.replaceAll(".*\"nick\":\"(n[0-9]+)\".*", "$1"))
                .toList();
    }

    private static List<String> numbered(int from) {
        return IntStream.range(from, CLIENTS).mapToObj(i -> "n" + i).toList();
    }

    @Test
    void helloListsEarlierMembersAndEachLaterOneIsReportedOnce() {
        List<TestClient> members = joinAll();
        for (int i = 0; i < CLIENTS; i++) {
            TestClient testClient = members.get(i);
            List<String> after = numbered(i + 1);
            await().untilAsserted(() -> assertThat(nicks(testClient, "joined")).isEqualTo(after));
            String listed = Scanner.member(testClient.socket.data("hello").get(0), "members");
            int[] count = {0};
            Scanner.forEachElement(listed, (start, end) -> count[0]++);
            assertThat(count[0]).isEqualTo(i + 1);
            assertThat(listed).contains("\"nick\":\"n0\"").contains("\"nick\":\"n" + i + "\"");
        }
    }

    @Test
    void anEventIsDeliveredAfterEarlierJoins() {
        List<TestClient> members = joinAll();
        hub.room("a").emit("event", 1);
        TestClient first = members.get(0);
        await().until(() -> !first.socket.data("event").isEmpty());
        int position = first.socket.frames.indexOf("{\"name\":\"event\",\"data\":1}");
        assertThat(first.socket.frames.subList(0, position).stream()
                        .filter(frame -> frame.startsWith("{\"name\":\"joined\"")))
                .hasSize(CLIENTS - 1);
    }

    @Test
    void helloListsNewNicksButNoMembersThatLeft() {
        List<TestClient> members = joinAll();
        members.subList(1, CLIENTS).forEach(testClient -> hub.room("a").leave(testClient.client));
        hub.room("a").join(members.get(0).client, "renamed");
        TestClient late = new TestClient(hub);
        hub.room("a").join(late.client, "late");
        late.awaitHello();
        assertThat(late.socket.data("hello").get(0))
                .contains("\"nick\":\"renamed\"")
                .contains("\"nick\":\"late\"")
                .doesNotContain("\"nick\":\"n");
        await().until(() -> members.get(0).socket.data("left").size() == CLIENTS - 1);
        await().until(() -> nicks(members.get(0), "joined").size() == CLIENTS); // the other members and "late"
        assertThat(late.socket.data("left")).isEmpty();
    }
}
