package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClosingHandshakesTest {
    private final ClosingHandshakes goodbyes = new ClosingHandshakes();
    private final List<String> forced = new ArrayList<>();

    private CompletableFuture<Void> tell(String name) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        goodbyes.add(ended, () -> {
            forced.add(name);
            ended.complete(null);
        });
        return ended;
    }

    @Test
    void whoHasNotAnsweredWhenTheHubStopsIsEnded() {
        tell("kim").complete(null);
        tell("lee");
        goodbyes.stop(Duration.ofMillis(1));
        assertThat(forced).containsExactly("lee");
        goodbyes.stop(Duration.ofMillis(1));
        assertThat(forced).containsExactly("lee");
    }

    @Test
    void whoAnswersInTimeIsWaitedFor() {
        CompletableFuture<Void> kim = tell("kim");
        Thread answer = new Thread(() -> kim.complete(null));
        answer.start();
        goodbyes.stop(Duration.ofSeconds(30));
        assertThat(kim).isDone();
        assertThat(forced).isEmpty();
    }
}
