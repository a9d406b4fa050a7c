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
    /** Workers that work when they are told to. */
    private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

    private final List<Integer> done = new ArrayList<>();

    private void work() {
        while (!handedOver.isEmpty()) {
            handedOver.poll().run();
        }
    }

    @Test
    void withoutWorkersEverythingIsDoneAtOnce() {
        Mailbox mailbox = new Mailbox(null);
        mailbox.add(() -> done.add(1), false);
        mailbox.addLast(() -> done.add(2));
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aQuickTaskIsDoneAtOnceOnlyIfNothingWaits() {
        Mailbox mailbox = new Mailbox(handedOver::add);
        mailbox.add(() -> done.add(1), true);
        assertThat(done).containsExactly(1);
        mailbox.add(() -> done.add(2), false);
        mailbox.add(() -> done.add(3), true);
        mailbox.addLast(() -> done.add(4));
        assertThat(done).containsExactly(1);
        work();
        assertThat(done).containsExactly(1, 2, 3, 4);
        mailbox.add(() -> done.add(5), true);
        assertThat(done).last().isEqualTo(5);
    }

    @Test
    void tooMuchIsRefusedAndWhatWaitsIsDone() {
        Mailbox mailbox = new Mailbox(handedOver::add);
        int taken = 0;
        while (mailbox.add(() -> done.add(0), false)) {
            taken++;
        }
        assertThat(taken).isEqualTo(256);
        mailbox.addLast(() -> done.add(9));
        work();
        assertThat(done).hasSize(257).last().isEqualTo(9);
        assertThat(mailbox.add(() -> done.add(1), false)).isTrue();
    }

    @Test
    void aTaskThatThrowsDoesNotHoldUpTheNext() {
        Mailbox mailbox = new Mailbox(task -> {
            try {
                task.run();
            } catch (IllegalStateException expected) {
                done.add(-1);
            }
        });
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
        Mailbox mailbox = new Mailbox(workers);
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
