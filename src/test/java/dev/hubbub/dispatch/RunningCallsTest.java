package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnStart;
import dev.hubbub.RecordedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningCallsTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final RunningCalls calls = new RunningCalls();
    private final Thread thread = new Thread(this::run, "slow");

    @EventHandlers
    static final class Slow {
        private final CountDownLatch started;
        private final CountDownLatch end;

        Slow(CountDownLatch started, CountDownLatch end) {
            this.started = started;
            this.end = end;
        }

        @OnStart
        void waitForDatabase() throws InterruptedException {
            started.countDown();
            end.await();
        }
    }

    private void run() {
        Handlers handlers = new Handlers(List.of(), List.of(Slow.class), type -> new Slow(started, end), null);
        handlers.watch(calls);
        new Dispatcher(handlers, null).started();
    }

    @BeforeEach
    void start() throws InterruptedException {
        thread.start();
        started.await();
    }

    @AfterEach
    void stop() throws InterruptedException {
        end.countDown();
        thread.join();
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void aHandlerThatRunsForTooLongIsLoggedWithItsStackOnceAMinute() {
        try (RecordedLog log = new RecordedLog(Level.WARNING)) {
            calls.check(in(Duration.ofSeconds(4)), LIMIT);
            assertThat(log.messages).isEmpty();
            calls.check(in(Duration.ofSeconds(6)), LIMIT);
            calls.check(in(Duration.ofSeconds(60)), LIMIT);
            assertThat(log.messages).hasSize(1);
            assertThat(log.messages.get(0)).contains("RunningCallsTest$Slow.waitForDatabase has been running for 6");
            assertThat(log.records.get(0).getThrown())
                    .hasMessage("The thread slow is here")
                    .satisfies(here -> assertThat(here.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("waitForDatabase")));
            calls.check(in(Duration.ofSeconds(67)), LIMIT);
            assertThat(log.messages).hasSize(2);
        }
    }

    @Test
    void aHandlerThatHasEndedIsNotLogged() throws InterruptedException {
        stop();
        try (RecordedLog log = new RecordedLog(Level.WARNING)) {
            calls.check(in(Duration.ofSeconds(60)), LIMIT);
            assertThat(log.messages).isEmpty();
        }
    }
}
