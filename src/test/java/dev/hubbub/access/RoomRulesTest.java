package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Client;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
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
    private final Client anonymous = client(Identity.ANONYMOUS);
    private final Client kim = client(new Identity("kim", Set.of(), null));
    private final Client boss = client(new Identity("boss", Set.of("admin"), null));

    private Client client(Identity identity) {
        return TestHub.connect(hub, new RecordingConnection(), new Handshake("", Map.of(), Map.of(), identity));
    }

    @AfterEach
    void stop() {
        hub.stop(java.time.Duration.ZERO, java.time.Duration.ZERO);
    }

    @Test
    void thePoliciesOfTheSettingsControlWhoMayJoinPublishAndSeeMembers() {
        RoomRules rules = RoomRules.parse(
                "lobby; staff-* join=user publish=admin|root members=nobody; inbox-{user} join=user", false);
        assertThat(rules.permissions("lobby").mayJoin(anonymous, Join.PLAIN)).isTrue();
        assertThat(rules.permissions("other").mayJoin(boss, Join.PLAIN)).isFalse();
        assertThat(rules.permissions("staff-1").mayJoin(anonymous, Join.PLAIN)).isFalse();
        assertThat(rules.permissions("staff-1").mayJoin(kim, Join.PLAIN)).isTrue();
        assertThat(rules.permissions("staff-1").mayPublish(kim)).isFalse();
        assertThat(rules.permissions("staff-1").mayPublish(boss)).isTrue();
        assertThat(rules.permissions("staff-1").maySeeMembers(boss)).isFalse();
        assertThat(rules.permissions("inbox-kim").mayJoin(kim, Join.PLAIN)).isTrue();
        assertThat(rules.permissions("inbox-kim").mayJoin(boss, Join.PLAIN)).isFalse();
        assertThat(rules.permissions("inbox-kim").mayJoin(anonymous, Join.PLAIN))
                .isFalse();
        assertThat(rules.roles()).containsExactlyInAnyOrder("admin", "root");
        assertThat(RoomRules.none(true).permissions("other").mayJoin(anonymous, Join.PLAIN))
                .isTrue();
    }

    @Test
    void aRoleWithTheNameOfAKeywordGrantsNothing() {
        Client impostor = client(new Identity("impostor", Set.of("nobody", "user"), null));
        assertThat(RoomRules.parse("a join=nobody", true).permissions("a").mayJoin(impostor, Join.PLAIN))
                .isFalse();
    }

    @Test
    void theMostSpecificPatternDecidesAlone() {
        RoomAccess never = (client, parts) -> false;
        RoomRules rules = RoomRules.parse("*; order-*", false).with("order-{id}-open", never);
        assertThat(rules.permissions("order-7").mayJoin(anonymous, Join.PLAIN)).isTrue();
        assertThat(rules.permissions("order-7-open").mayJoin(anonymous, Join.PLAIN))
                .isFalse();
        assertThat(rules.permissions("anything").mayJoin(anonymous, Join.PLAIN)).isTrue();
    }

    @Test
    void patternsThatAreEquallySpecificMayMatchDifferentRooms() {
        RoomRules rules = RoomRules.parse("a-*; b-* join=nobody; cc*", true);
        assertThat(rules.permissions("a-1").mayJoin(anonymous, Join.PLAIN)).isTrue();
        assertThat(rules.permissions("b-1").mayJoin(anonymous, Join.PLAIN)).isFalse();
    }

    @Test
    void theNamedPartsOfARoomArePassedToTheAccess() {
        RoomAccess parts = (client, actual) -> actual.equals(Map.of("shop", "a-b", "id", "7"));
        assertThat(RoomRules.none(false)
                        .with("order-{shop}-{id}", parts)
                        .permissions("order-a-b-7")
                        .mayJoin(anonymous, Join.PLAIN))
                .isTrue();
        assertThat(RoomRules.none(false)
                        .with("order-{shop}-{id}", parts)
                        .permissions("order--7")
                        .mayJoin(anonymous, Join.PLAIN))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a join=x; a",
                "a-{x}; a-{y}",
                "a-{x; b",
                "a-{x}-{x}",
                "a speak=x",
                "a x",
                "a-*; *-b",
                "a join=x join=y"
            })
    void anInvalidPolicyIsRejected(String list) {
        assertThatThrownBy(() -> RoomRules.parse(list, true)).isInstanceOf(IllegalArgumentException.class);
    }
}
