package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests from the server to a client. */
class AskTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private final LocalHub hub = hubs.start(new TestHub());

    private TestClient connect() {
        return new TestClient(hub);
    }

    @Test
    void askCompletesWithTheAcknowledgementOrTheError() throws Exception {
        TestClient kim = connect();
        CompletionStage<Data> answer = kim.client.ask("sure?", null, Duration.ofSeconds(10));
        assertThat(kim.socket.frames).contains("{\"name\":\"sure?\",\"id\":1}");
        assertThat(kim.client.answered(new Event("ack", Data.parse("\"yes\""), "1", List.of())))
                .isTrue();
        assertThat(kim.client.answered(new Event("ack", Data.parse("\"yes\""), "1", List.of())))
                .isFalse();
        assertThat(answer.toCompletableFuture().get().json()).isEqualTo("\"yes\"");

        CompletionStage<Data> rejected = kim.client.ask("sure?", null, Duration.ofSeconds(10));
        kim.client.answered(new Event("error", Data.parse("{\"code\":\"no-way\",\"message\":\"No\"}"), "2", List.of()));
        assertThatThrownBy(() -> rejected.toCompletableFuture().get())
                .cause()
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("no-way"));
    }

    @Test
    void askTimesOutAndFailsWhenTheClientDisconnects() {
        TestClient kim = connect();
        CompletionStage<Data> late = kim.client.ask("sure?", null, Duration.ofMillis(20));
        assertThatThrownBy(() -> late.toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        CompletionStage<Data> never = kim.client.ask("sure?", null, Duration.ofSeconds(100));
        kim.disconnect();
        assertThatThrownBy(() -> never.toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(EventException.class);
        assertThat(kim.client.ask("x", null, Duration.ofSeconds(100)).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void acknowledgementCallbacksRunOnTheApplicationExecutor() {
        TestClient kim = connect();
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        kim.client
                .ask("sure?", null, Duration.ofMillis(10))
                .whenComplete(
                        (answer, late) -> threads.add(Thread.currentThread().getName()));
        await().until(() -> threads.size() == 1);
        assertThat(threads.get(0)).startsWith("hubbub-application-");
    }
}
