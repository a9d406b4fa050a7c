package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClosingHandshakesTest {
    private final ClosingHandshakes handshakes = new ClosingHandshakes();
    private final List<String> terminated = new ArrayList<>();

    private CompletableFuture<Void> begin(String connection) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        handshakes.add(ended, () -> {
            terminated.add(connection);
            ended.complete(null);
        });
        return ended;
    }

    @Test
    void aConnectionThatHasNotAnsweredWhenTheHubStopsIsTerminated() {
        begin("kim").complete(null);
        begin("lee");
        handshakes.stop(Duration.ofMillis(1));
        assertThat(terminated).containsExactly("lee");
        handshakes.stop(Duration.ofMillis(1));
        assertThat(terminated).containsExactly("lee");
    }

    @Test
    void stopWaitsForAConnectionThatAnswersInTime() {
        CompletableFuture<Void> kim = begin("kim");
        Thread answer = new Thread(() -> kim.complete(null));
        answer.start();
        handshakes.stop(Duration.ofSeconds(30));
        assertThat(kim).isDone();
        assertThat(terminated).isEmpty();
    }
}
