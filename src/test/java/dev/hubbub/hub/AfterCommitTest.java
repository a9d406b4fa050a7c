package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.EventException;
import dev.hubbub.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that are sent when a transaction has committed. */
class AfterCommitTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());
    private final List<Consumer<Boolean>> waiting = new ArrayList<>();
    private final TestClient kim = new TestClient(hub);

    private void begin() {
        hub.useTransactions(waiting::add);
        hub.room("a").join(kim.client);
    }

    private void end(boolean committed) {
        waiting.forEach(outcome -> outcome.accept(committed));
    }

    @Test
    void eventsAreSentInOrderAfterTheCommitAsTheyWereWhenTheyWereEmitted() {
        begin();
        List<Integer> data = new ArrayList<>(List.of(1));
        hub.afterCommit().room("a").emit("x", data);
        data.add(2);
        hub.afterCommit().client(kim.client.id()).emit("x", data);
        hub.afterCommit().rooms("a", "b").emit("x", 3);
        CompletionStage<Position> position = hub.afterCommit().room("a").publish("x", 4);
        kim.receives("x");
        assertThat(position.toCompletableFuture().isDone()).isFalse();
        end(true);
        kim.receives("x", "[1]", "[1,2]", "3", "4");
        assertThat(position.toCompletableFuture()).isCompletedWithValueMatching(published -> published.number() == 3);
    }

    @Test
    void nothingIsSentAfterARollbackAndPublishFails() {
        begin();
        hub.afterCommit().room("a").emit("x", 1);
        CompletableFuture<Position> position =
                hub.afterCommit().room("a").publish("x", 2).toCompletableFuture();
        end(false);
        kim.receives("x");
        assertThat(position)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("rolled-back"));
    }

    @Test
    void eventsAreSentAtOnceWithoutATransaction() {
        hub.room("a").join(kim.client);
        hub.afterCommit().room("a").emit("x", 1);
        kim.receives("x", "1");
    }

    @Test
    void anEventThatCannotBeSentIsRejectedWhenItIsEmitted() {
        begin();
        assertThatThrownBy(() -> hub.afterCommit().room("a").emit("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> hub.afterCommit().room("\n")).isInstanceOf(EventException.class);
        assertThat(waiting).isEmpty();
    }
}
