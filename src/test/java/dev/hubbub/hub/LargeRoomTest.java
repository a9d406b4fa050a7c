package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Join;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A room above {@code hubbub.presence-limit} tells only its size, and lists its members again when it has shrunk. */
class LargeRoomTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private LocalHub hub;

    private TestClient join(String nick) {
        TestClient member = new TestClient(hub);
        hub.room("a").join(member.client, Join.as(nick));
        member.awaitHello();
        return member;
    }

    @Test
    void aRoomThatHasShrunkToHalfOfTheLimitListsItsMembersAgain() {
        hub = hubs.start(new TestHub().presence("", 4));
        TestClient kim = join("Kim");
        List<TestClient> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(join("guest " + i));
        }
        assertThat(others.get(3).socket.data("hello").get(0)).contains("\"members\":[]", "\"count\":5");
        await().until(() -> kim.socket.data("presence").contains("{\"room\":\"a\",\"count\":5}"));

        hub.room("a").leave(others.get(0).client);
        hub.room("a").leave(others.get(1).client);
        await().until(() -> kim.socket.data("presence").contains("{\"room\":\"a\",\"count\":3}"));

        hub.room("a").leave(others.get(2).client);
        String list = "{\"room\":\"a\",\"count\":2,\"members\":[{\"id\":\"" + kim.client.id()
                + "\",\"nick\":\"Kim\"},{\"id\":\"" + others.get(3).client.id() + "\",\"nick\":\"guest 3\"}]}";
        await().until(() -> kim.socket.data("presence").contains(list));
        await().until(() -> others.get(3).socket.data("presence").contains(list));

        TestClient lee = join("Lee");
        assertThat(lee.socket.data("hello").get(0)).contains("\"nick\":\"guest 3\"");
        await().until(() -> kim.socket.data("joined").stream().anyMatch(joined -> joined.contains("\"Lee\"")));
    }

    @Test
    void aRoomThatNeverListsItsMembersDoesNotBeginToDoSo() {
        hub = hubs.start(new TestHub().presence("*=count", 4));
        TestClient kim = join("Kim");
        TestClient lee = join("Lee");
        await().until(() -> kim.socket.data("presence").contains("{\"room\":\"a\",\"count\":2}"));
        hub.room("a").leave(lee.client);
        await().until(() -> kim.socket.data("presence").contains("{\"room\":\"a\",\"count\":1}"));
        assertThat(kim.socket.data("presence")).noneMatch(presence -> presence.contains("members"));
    }
}
