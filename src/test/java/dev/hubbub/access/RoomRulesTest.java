package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Client;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.RoomAccess;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestHub;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomRulesTest {
    private final LocalHub hub = new TestHub().start();
    private final Client nobody = client(Identity.ANONYMOUS);
    private final Client kim = client(new Identity("kim", Set.of(), null));
    private final Client boss = client(new Identity("boss", Set.of("admin"), null));

    private Client client(Identity identity) {
        return hub.connect(new RecordingConnection(), new Handshake("", Map.of(), Map.of(), identity));
    }

    @AfterEach
    void stop() {
        hub.stop(java.time.Duration.ZERO);
    }

    @Test
    void theSettingsSayWhoMayJoinSpeakAndSee() {
        RoomRules rules = RoomRules.parse(
                "lobby; staff-* join=user publish=admin|root members=nobody; inbox-{user} join=user", false);
        assertThat(rules.of("lobby").mayJoin(nobody)).isTrue();
        assertThat(rules.of("other").mayJoin(boss)).isFalse();
        assertThat(rules.of("staff-1").mayJoin(nobody)).isFalse();
        assertThat(rules.of("staff-1").mayJoin(kim)).isTrue();
        assertThat(rules.of("staff-1").mayPublish(kim)).isFalse();
        assertThat(rules.of("staff-1").mayPublish(boss)).isTrue();
        assertThat(rules.of("staff-1").maySeeMembers(boss)).isFalse();
        assertThat(rules.of("inbox-kim").mayJoin(kim)).isTrue();
        assertThat(rules.of("inbox-kim").mayJoin(boss)).isFalse();
        assertThat(rules.of("inbox-kim").mayJoin(nobody)).isFalse();
        assertThat(rules.roles()).containsExactlyInAnyOrder("admin", "root");
        assertThat(RoomRules.none(true).of("other").mayJoin(nobody)).isTrue();
    }

    @Test
    void aRoleCannotBeNamedLikeAWord() {
        Client liar = client(new Identity("liar", Set.of("nobody", "user"), null));
        assertThat(RoomRules.parse("a join=nobody", true).of("a").mayJoin(liar)).isFalse();
    }

    @Test
    void thePatternWithMostFixedCharactersDecidesAlone() {
        RoomAccess never = (client, parts) -> false;
        RoomRules rules = RoomRules.parse("*; order-*", false).with("order-{id}-open", never);
        assertThat(rules.of("order-7").mayJoin(nobody)).isTrue();
        assertThat(rules.of("order-7-open").mayJoin(nobody)).isFalse();
        assertThat(rules.of("anything").mayJoin(nobody)).isTrue();
    }

    @Test
    void thePartsOfANameAreGiven() {
        RoomAccess parts = (client, given) -> given.equals(Map.of("shop", "a-b", "id", "7"));
        assertThat(RoomRules.none(false)
                        .with("order-{shop}-{id}", parts)
                        .of("order-a-b-7")
                        .mayJoin(nobody))
                .isTrue();
        assertThat(RoomRules.none(false)
                        .with("order-{shop}-{id}", parts)
                        .of("order--7")
                        .mayJoin(nobody))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a join=x; a", "a-{x}; a-{y}", "a-{x; b", "a-{x}-{x}", "a speak=x", "a x"})
    void whatIsNoPolicyIsRefused(String list) {
        assertThatThrownBy(() -> RoomRules.parse(list, true)).isInstanceOf(IllegalArgumentException.class);
    }
}
