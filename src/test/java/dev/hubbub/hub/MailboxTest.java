package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxTest {
    /** Tasks given to the executor, which runs them when a test calls {@link #runAll}. */
    private final ArrayDeque<Runnable> submitted = new ArrayDeque<>();

    private final List<Integer> done = new ArrayList<>();

    private void runAll() {
        while (!submitted.isEmpty()) {
            submitted.poll().run();
        }
    }

    @Test
    void aCallerThatMayBlockRunsItsTaskImmediately() {
        Mailbox mailbox = new Mailbox(submitted::add, () -> true);
        mailbox.add(() -> done.add(1), false);
        assertThat(done).containsExactly(1);
        mailbox.addLast(() -> done.add(2));
        assertThat(done).containsExactly(1);
        runAll();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aCallerDoesNotWaitForATaskThatIsRunning() {
        Mailbox mailbox = new Mailbox(submitted::add, () -> true);
        mailbox.add(
                () -> {
                    mailbox.add(() -> done.add(2), false); // like another request of the same client
                    done.add(1);
                },
                false);
        assertThat(done).containsExactly(1);
        runAll();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void tasksWaitWhileTheMailboxIsHeld() {
        Mailbox mailbox = new Mailbox(submitted::add, () -> true);
        mailbox.add(mailbox::hold, false);
        mailbox.hold();
        mailbox.add(() -> done.add(1), true);
        runAll();
        mailbox.release();
        runAll();
        assertThat(done).isEmpty();
        mailbox.release();
        runAll();
        assertThat(done).containsExactly(1);
        mailbox.add(() -> done.add(2), true);
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aQuickTaskRunsImmediatelyOnlyIfTheMailboxIsEmpty() {
        Mailbox mailbox = new Mailbox(submitted::add, () -> false);
        mailbox.add(() -> done.add(1), true);
        assertThat(done).containsExactly(1);
        mailbox.add(() -> done.add(2), false);
        mailbox.add(() -> done.add(3), true);
        mailbox.addLast(() -> done.add(4));
        assertThat(done).containsExactly(1);
        runAll();
        assertThat(done).containsExactly(1, 2, 3, 4);
        mailbox.add(() -> done.add(5), true);
        assertThat(done).last().isEqualTo(5);
    }

    @Test
    void tasksOverTheLimitAreRejectedAndTheOthersRun() {
        Mailbox mailbox = new Mailbox(submitted::add, () -> false);
        int accepted = 0;
        while (mailbox.add(() -> done.add(0), false)) {
            accepted++;
        }
        assertThat(accepted).isEqualTo(256);
        mailbox.addLast(() -> done.add(9));
        runAll();
        assertThat(done).hasSize(257).last().isEqualTo(9);
        assertThat(mailbox.add(() -> done.add(1), false)).isTrue();
    }

    @Test
    void aTaskThatThrowsDoesNotBlockTheNext() {
        Mailbox mailbox = new Mailbox(
                task -> {
                    try {
                        task.run();
                    } catch (IllegalStateException expected) {
                        done.add(-1);
                    }
                },
                () -> false);
        mailbox.add(
                () -> {
                    throw new IllegalStateException();
                },
                false);
        mailbox.add(() -> done.add(1), false);
        assertThat(done).containsExactly(-1, 1);
    }

    @Test
    void tasksOfOneClientNeverOverlapAndKeepTheirOrder() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(4);
        Mailbox mailbox = new Mailbox(workers, () -> false);
        AtomicInteger running = new AtomicInteger();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(20_000);
        for (int i = 0; i < 20_000; i++) {
            int n = i;
            Runnable task = () -> {
                if (running.incrementAndGet() == 1) {
                    order.add(n);
                }
                running.decrementAndGet();
                all.countDown();
            };
            while (!mailbox.add(task, n % 3 == 0)) {
                Thread.onSpinWait();
            }
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        workers.shutdownNow();
        assertThat(order).hasSize(20_000).isSorted();
    }
}
