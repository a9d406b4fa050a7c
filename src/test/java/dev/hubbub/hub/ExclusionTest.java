package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Close;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.protocol.Positions;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an event was kept from, by {@code except}, stays kept from it. */
class ExclusionTest {
    private static final Identity KIM = user("kim");

    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private LocalHub hub;
    private int ends;

    @BeforeEach
    void start() {
        hub = hubs.start(new TestHub().grace(Duration.ofMinutes(5)));
    }

    private static Identity user(String name) {
        Principal principal = () -> name;
        return new Identity(principal, Set.of(), null);
    }

    private record Visit(LocalClient client, RecordingConnection socket) {
        List<String> secrets() {
            return socket.data("secret");
        }
    }

    private Visit visit(Identity identity, Map<String, List<String>> query) {
        RecordingConnection socket = new RecordingConnection();
        socket.secret = "s";
        return new Visit(TestHub.connect(hub, socket, new Handshake("127.0.0.1", Map.of(), query, identity)), socket);
    }

    /** Joins the room and returns everything that was published to it. */
    private List<String> returns(Identity identity, Map<String, List<String>> query, String since) {
        Visit again = visit(identity, query);
        hub.room("a").join(again.client, Join.PLAIN.since(since));
        String end = Integer.toString(++ends);
        hub.room("a").emit("end", ends);
        await().until(() -> again.socket.data("end").stream().anyMatch(data -> data.startsWith(end)));
        return again.secrets();
    }

    private String position() {
        return hub.room("a").publish("position", 1).toCompletableFuture().join().toString();
    }

    @Test
    void anExcludedUserIsNotSentTheEventByAnotherReturn() {
        Visit kim = visit(KIM, Map.of());
        hub.room("a").join(kim.client);
        String before = position();
        hub.room("a").except(kim.client).emit("secret", 1);
        assertThat(returns(KIM, Map.of(), before)).isEmpty();
        assertThat(returns(KIM, Map.of("was", List.of("somebody")), before)).isEmpty();
        assertThat(returns(KIM, Map.of("was", List.of("somebody.else")), before))
                .isEmpty();
        assertThat(returns(user("lee"), Map.of(), before)).hasSize(1);
    }

    @Test
    void whoReadsARoomWithoutJoiningIsNotSentTheEventEither() {
        Visit kim = visit(KIM, Map.of());
        hub.room("a").join(kim.client);
        Map<String, Long> before = Positions.parse(position());
        hub.room("a").except(kim.client).emit("secret", 1);
        assertThat(hub.recovery()
                        .read("a", before, KIM)
                        .toCompletableFuture()
                        .join()
                        .events())
                .isEmpty();
        assertThat(hub.recovery()
                        .read("a", before, Identity.ANONYMOUS)
                        .toCompletableFuture()
                        .join()
                        .events())
                .hasSize(1);
    }

    /** It only wants no echo; another client of the user must not lose the event. */
    @Test
    void aSenderThatExcludesItselfIsTheOnlyClientThatIsExcluded() {
        Visit kim = visit(KIM, Map.of());
        hub.room("a").join(kim.client);
        String before = position();
        kim.client.room("a").except(kim.client).emit("secret", 1);
        assertThat(returns(KIM, Map.of(), before)).hasSize(1);
        Visit other = visit(KIM, Map.of());
        kim.client.room("a").except(other.client).emit("secret", 2);
        assertThat(returns(KIM, Map.of(), before)).hasSize(1).allMatch(data -> data.startsWith("1"));
    }

    @Test
    void aClientThatProvesItsIdIsKnownByItsId() {
        Visit kim = visit(KIM, Map.of());
        Visit other = visit(KIM, Map.of("was", List.of("")));
        hub.room("a").join(other.client, Join.PLAIN.since(""));
        String before = position();
        hub.disconnected(other.client, new Close(1006, ""));
        hub.room("a").except(kim.client).emit("secret", 1);
        RecordingConnection socket = new RecordingConnection();
        socket.secret = "s";
        Handshake handshake =
                new Handshake("127.0.0.1", Map.of(), Map.of("was", List.of(other.client.id() + ".s")), KIM);
        LocalClient again =
                TestHub.connect(hub, socket, handshake, hub.recovery().idFor(handshake), null);
        assertThat(again.id()).isEqualTo(other.client.id());
        hub.room("a").join(again, Join.PLAIN.since(before));
        await().until(() -> socket.data("secret").size() == 1);
    }
}
