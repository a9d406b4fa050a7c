package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.json.Scanner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What members hear of each other when many come and go. */
class PresenceQueueTest {
    /** More than are told of together; the room stays small. */
    private static final int CROWD = 150;

    private final LocalHub hub = new TestHub().start();

    @AfterEach
    void stop() {
        hub.stop(Duration.ZERO);
    }

    private List<Visitor> crowd() {
        List<Visitor> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            Visitor visitor = new Visitor(hub);
            hub.room("a").join(visitor.client, "n" + i);
            crowd.add(visitor);
        }
        return crowd;
    }

    private static List<String> nicks(Visitor visitor, String event) {
        return visitor.socket.data(event).stream()
                .map(data -> data.replaceAll(".*\"nick\":\"(n[0-9]+)\".*", "$1"))
                .toList();
    }

    private static List<String> numbered(int from) {
        return IntStream.range(from, CROWD).mapToObj(i -> "n" + i).toList();
    }

    @Test
    void eachSeesInHelloWhoWasThereAndHearsOnceOfEachWhoComesAfter() {
        List<Visitor> crowd = crowd();
        for (int i = 0; i < CROWD; i++) {
            Visitor visitor = crowd.get(i);
            List<String> after = numbered(i + 1);
            await().untilAsserted(() -> assertThat(nicks(visitor, "joined")).isEqualTo(after));
            String members = Scanner.member(visitor.socket.data("hello").get(0), "members");
            int[] count = {0};
            Scanner.forEachElement(members, (start, end) -> count[0]++);
            assertThat(count[0]).isEqualTo(i + 1);
            assertThat(members).contains("\"nick\":\"n0\"").contains("\"nick\":\"n" + i + "\"");
        }
    }

    @Test
    void whatIsSaidComesAfterWhoCameBefore() {
        List<Visitor> crowd = crowd();
        hub.room("a").emit("said", 1);
        Visitor first = crowd.get(0);
        await().until(() -> !first.socket.data("said").isEmpty());
        int said = first.socket.frames.indexOf("{\"name\":\"said\",\"data\":1}");
        assertThat(first.socket.frames.subList(0, said).stream()
                        .filter(frame -> frame.startsWith("{\"name\":\"joined\"")))
                .hasSize(CROWD - 1);
    }

    @Test
    void whoGoesIsInNoListAnyMoreAndANewNickIs() {
        List<Visitor> crowd = crowd();
        crowd.subList(1, CROWD).forEach(visitor -> hub.room("a").leave(visitor.client));
        hub.room("a").join(crowd.get(0).client, "renamed");
        Visitor late = new Visitor(hub);
        hub.room("a").join(late.client, "late");
        late.awaitHello();
        assertThat(late.socket.data("hello").get(0))
                .contains("\"nick\":\"renamed\"")
                .contains("\"nick\":\"late\"")
                .doesNotContain("\"nick\":\"n");
        await().until(() -> crowd.get(0).socket.data("left").size() == CROWD - 1);
        await().until(() -> nicks(crowd.get(0), "joined").size() == CROWD); // the others, and late
        assertThat(late.socket.data("left")).isEmpty();
    }
}
