package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.Member;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What members see of each other beside the nick. */
class MemberDataTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());
    private final TestClient kim = new TestClient(hub);
    private final TestClient lee = new TestClient(hub);
    private final String k = kim.client.id();
    private final String l = lee.client.id();

    @Test
    void dataStandsBesideTheNickInHelloAndJoined() {
        hub.room("a").join(kim.client, "Kim", Map.of("color", "red"));
        hub.room("a").join(lee.client, null, 7);
        lee.receives(
                "hello",
                "{\"id\":\"" + l + "\",\"room\":\"a\",\"members\":[{\"id\":\"" + k
                        + "\",\"nick\":\"Kim\",\"data\":{\"color\":\"red\"}},{\"id\":\"" + l
                        + "\",\"data\":7}],\"epoch\":\"E\",\"position\":0}");
        kim.receives("joined", "{\"room\":\"a\",\"id\":\"" + l + "\",\"data\":7}");
        assertThat(hub.room("a").members())
                .containsExactly(
                        new Member(k, "Kim", Data.of(Map.of("color", "red"))), new Member(l, null, Data.of(7)));
        assertThat(hub.room("a").clients()).containsExactly(kim.client, lee.client);
        assertThat(hub.room("b").clients()).isEmpty();
    }

    @Test
    void aChangeOfTheDataIsJoinedAgainAndTheSameDataIsNotAnnouncedTwice() {
        hub.room("a").join(kim.client, "Kim");
        hub.room("a").join(lee.client, "Lee", 1);
        hub.room("a").join(lee.client, "Lee", 1);
        hub.room("a").join(lee.client, "Lee", 2);
        hub.room("a").join(lee.client, "Lee");
        String start = "{\"room\":\"a\",\"id\":\"" + l + "\",\"nick\":\"Lee\"";
        kim.receives("joined", start + ",\"data\":1}", start + ",\"data\":2}", start + "}");
        lee.receives("joined");
    }

    @Test
    void dataOfMoreThanAKilobyteIsTooLarge() {
        hub.room("a").join(kim.client, "Kim", "x".repeat(1022));
        for (String tooLarge : new String[] {"x".repeat(1023), "é".repeat(512)}) {
            assertThatThrownBy(() -> hub.room("a").join(lee.client, null, tooLarge))
                    .isInstanceOf(EventException.class)
                    .hasMessageContaining("1024 bytes");
        }
        assertThat(hub.room("a").size()).isEqualTo(1);
    }

    @Test
    void aJoinIsReadFromTheDataOfAnEvent() {
        Join join = Join.of(Data.parse("{\"nick\":\"Kim\",\"data\":[1],\"password\":\"x\"}"));
        assertThat(join.nick()).isEqualTo("Kim");
        assertThat(join.data()).isEqualTo(Data.parse("[1]"));
        assertThat(join.since()).isNull();
        assertThat(join.request().string("password")).isEqualTo("x");
        assertThat(Join.of(Data.NULL)).isEqualTo(Join.PLAIN);
        assertThat(Join.of(Data.parse("{\"data\":null}")).data()).isNull();
    }
}
