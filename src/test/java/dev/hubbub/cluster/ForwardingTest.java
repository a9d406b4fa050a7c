package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.EventException;
import dev.hubbub.hub.Forwarding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that one node hands to another. */
class ForwardingTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static RedisServer redis;

    private TestCluster cluster;
    private TestCluster.Node nodeA;
    private RequestForwarding a;
    private RequestForwarding b;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void start() {
        cluster = new TestCluster(redis, Duration.ofSeconds(5));
        b = (RequestForwarding) cluster.start().cluster().forwarding();
        nodeA = cluster.start();
        a = (RequestForwarding) nodeA.cluster().forwarding();
        // At once, because the other one was there before. A node that is not known is asked for no session.
        await().until(() -> nodeA.cluster().isLive(b.node()));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static Forwarding.Request request(String kind, int size) {
        return new Forwarding.Request(kind, List.of("parameter"), new byte[size], false);
    }

    private void awaitNothingLeft() {
        await().until(() -> a.waiting().equals(List.of(0, 0)) && b.waiting().equals(List.of(0, 0)));
    }

    @Test
    void aRequestIsAnsweredAndTheAnswerConfirmed() {
        List<String> written = new ArrayList<>();
        b.serve(
                "echo",
                (request, reply) -> reply.answer(
                        201, request.parameters().get(0).getBytes(), failure -> written.add(String.valueOf(failure))));
        Forwarding.Answer answer = a.forward(b.node(), request("echo", 10), LONG)
                .answer()
                .toCompletableFuture()
                .join();
        assertThat(answer.status()).isEqualTo(201);
        assertThat(new String(answer.body())).isEqualTo("parameter");
        answer.written().accept(null);
        await().until(() -> written.equals(List.of("null")));
        awaitNothingLeft();
    }

    @Test
    void tooManyBytesAreRefusedAndWhatWasRefusedOrHasEndedCountsNoMore() {
        b.serve("never", (request, reply) -> {});
        for (int round = 0; round < 3; round++) {
            List<Forwarding.Exchange> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(a.forward(b.node(), request("never", 1 << 20), LONG));
            }
            assertThat(waiting.stream()
                            .filter(each -> each.answer().toCompletableFuture().isCompletedExceptionally()))
                    .hasSize(5);
            assertThat(waiting.get(19).answer().toCompletableFuture())
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            EventException.class, e -> assertThat(e.code()).isEqualTo("overloaded"));
            waiting.forEach(Forwarding.Exchange::end);
            waiting.forEach(Forwarding.Exchange::end);
            awaitNothingLeft();
        }
    }

    @Test
    void aRequestTimesOutAndTheOtherNodeLearnsIt() {
        List<String> ended = new ArrayList<>();
        b.serve("never", (request, reply) -> reply.whenEnded(() -> ended.add("ended")));
        assertThat(a.forward(b.node(), request("never", 0), Duration.ofMillis(300))
                        .answer())
                .failsWithin(LONG)
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
        await().until(() -> ended.equals(List.of("ended")));
        awaitNothingLeft();
    }

    @Test
    void whenANodeStopsItsClientsAreToldToAskAnotherOne() {
        b.serve("never", (request, reply) -> {});
        Forwarding.Exchange waiting = a.forward(b.node(), request("never", 0), LONG);
        await().until(() -> b.waiting().equals(List.of(0, 1)));
        cluster.stop(nodeA);
        assertThat(waiting.answer().toCompletableFuture().handle((answer, failure) -> failure))
                .succeedsWithin(LONG)
                .isInstanceOf(CancellationException.class);
        await().atMost(Duration.ofSeconds(5)).until(() -> b.waiting().equals(List.of(0, 0)));
    }

    @Test
    void aNodeWithoutTheServiceOrThatDoesNotExistHasNoSessions() {
        for (String node : List.of(b.node(), "x".repeat(11))) {
            assertThat(a.forward(node, request("unknown", 0), LONG).answer())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            EventException.class, e -> assertThat(e.code()).isEqualTo("disconnected"));
        }
        awaitNothingLeft();
    }
}
