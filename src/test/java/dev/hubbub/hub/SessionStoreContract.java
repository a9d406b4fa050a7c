package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.Member;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests that every {@link SessionStore} must pass. */
abstract class SessionStoreContract {
    private static final Duration LONG = Duration.ofMinutes(5);

    abstract SessionStore store();

    private static Session session(String id, String user) {
        return new Session(
                id,
                "s3cret",
                "f0rmer",
                user,
                Map.of("lobby", new Member(id, "Kim", Data.of(7))),
                Map.of("AAAAAAAAAAA", 7L),
                Map.of("a", 1));
    }

    @Test
    void aSessionCanBeTakenOnce() {
        Session session = session("kim", "Kim");
        assertThat(store().put(session, LONG)).isTrue();
        assertThat(store().take("kim", "s3cret", "Kim")).isEqualTo(session);
        assertThat(store().take("kim", "s3cret", "Kim")).isNull();
    }

    @Test
    void aSessionIsKeptIfTheSecretOrTheUserIsWrong() {
        store().put(session("kim", "Kim"), LONG);
        assertThat(store().take("kim", "guess", "Kim")).isNull();
        assertThat(store().take("kim", "s3cret", "Mallory")).isNull();
        assertThat(store().take("kim", "s3cret", null)).isNull();
        assertThat(store().take("kim", "s3cret", "Kim")).isNotNull();
    }

    @Test
    void aSessionCanBeTakenByItsFormerSecret() {
        store().put(session("kim", "Kim"), LONG);
        assertThat(store().take("kim", "f0rmer", "Mallory")).isNull();
        assertThat(store().take("kim", "f0rmer", "Kim")).isNotNull();
        assertThat(store().take("kim", "s3cret", "Kim")).isNull();
    }

    @Test
    void aUserCannotTakeTheSessionOfAnAnonymousClient() {
        store().put(session("anon", null), LONG);
        assertThat(store().take("anon", "s3cret", "Kim")).isNull();
        assertThat(store().take("anon", "s3cret", null)).isNotNull();
    }

    @Test
    void aSessionExpires() {
        store().put(session("kim", "Kim"), Duration.ofMillis(20));
        await().until(() -> store().size() == 0);
        assertThat(store().take("kim", "s3cret", "Kim")).isNull();
    }

    @Test
    void theExpiryOfASessionDoesNotEndALaterOneWithTheSameId() throws Exception {
        store().put(session("kim", "Kim"), Duration.ofMillis(50));
        store().put(session("kim", "Kim"), LONG);
        store().put(session("other", "Kim"), Duration.ofMillis(100));
        await().until(() -> store().size() == 1);
        assertThat(store().take("kim", "s3cret", "Kim")).isNotNull();
    }

    @Test
    void onlyOneOfSeveralThreadsTakesASession() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 200; round++) {
            store().put(session("kim", "Kim"), LONG);
            AtomicInteger winners = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(4);
            for (int t = 0; t < 4; t++) {
                threads.execute(() -> {
                    if (store().take("kim", "s3cret", "Kim") != null) {
                        winners.incrementAndGet();
                    }
                    done.countDown();
                });
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(winners).hasValue(1);
        }
        threads.shutdown();
    }
}
