package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Delivery;
import dev.hubbub.protocol.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Outbox.Limits WIDE = new Outbox.Limits(1_000_000, 1 << 30);

    private static final class RecordingOwner implements Outbox.Owner {
        int full;
        int pings;
        Throwable failure;

        @Override
        public void outboxFull() {
            full++;
        }

        @Override
        public void outboxFailed(Throwable cause) {
            failure = cause;
        }

        @Override
        public void pingSent() {
            pings++;
        }

        @Override
        public void progressed() {}
    }

    private final RecordingOwner owner = new RecordingOwner();
    private final Counters counters = new Counters(true);

    private static Frame frame(int i) {
        return Frame.text(Integer.toString(i));
    }

    private static void put(Outbox outbox, Frame frame) {
        if (outbox.add(frame)) {
            outbox.run();
        }
    }

    @Test
    void framesOfAllThreadsAreSentInOrderAndOneAtATime() throws Exception {
        int threads = 4;
        int each = 20_000;
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        ExecutorService completions = Executors.newFixedThreadPool(2);
        CountDownLatch all = new CountDownLatch(threads * each);
        Connection connection = new Connection() {
            @Override
            public void send(Frame frame, boolean more, Sent done) {
                if (inFlight.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                sent.add(frame.text());
                Runnable end = () -> {
                    inFlight.decrementAndGet();
                    all.countDown();
                    done.sent(null);
                };
                if (ThreadLocalRandom.current().nextInt(4) == 0) {
                    completions.execute(end);
                } else {
                    end.run();
                }
            }

            @Override
            public void close(int code, String reason) {}
        };
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        ExecutorService emitters = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            emitters.execute(() -> {
                for (int i = 0; i < each; i++) {
                    put(outbox, Frame.text(thread + ":" + i));
                }
            });
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        emitters.shutdownNow();
        completions.shutdownNow();

        assertThat(overlaps).hasValue(0);
        for (int t = 0; t < threads; t++) {
            String prefix = t + ":";
            List<String> own = sent.stream().filter(s -> s.startsWith(prefix)).toList();
            assertThat(own).hasSize(each);
            for (int i = 0; i < each; i++) {
                assertThat(own.get(i)).isEqualTo(prefix + i);
            }
        }
    }

    @Test
    void inlineCompletionsDoNotRecurse() {
        List<Integer> depths = new ArrayList<>();
        Outbox[] outbox = new Outbox[1];
        Connection connection = new Connection() {
            @Override
            public void send(Frame frame, boolean more, Sent sent) {
                depths.add(new Throwable().getStackTrace().length);
                if (frame.text().equals("0")) {
                    for (int i = 1; i <= 10_000; i++) {
                        outbox[0].add(frame(i));
                    }
                }
                sent.sent(null);
            }

            @Override
            public void close(int code, String reason) {}
        };
        outbox[0] = new Outbox(connection, WIDE, counters, owner);
        put(outbox[0], frame(0));
        assertThat(depths).hasSize(10_001);
        assertThat(Collections.max(depths)).isEqualTo(Collections.min(depths));
    }

    @Test
    void theConnectionIsToldWhichFramesCanBeSentTogether() {
        List<Boolean> more = new ArrayList<>();
        Connection connection = new Connection() {
            @Override
            public void send(Frame frame, boolean follows, Sent sent) {
                more.add(follows);
                sent.sent(null);
            }

            @Override
            public void close(int code, String reason) {}
        };
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        outbox.add(frame(1));
        outbox.add(frame(2));
        outbox.add(Frame.text("x".repeat(60_000)));
        outbox.add(Frame.text("y".repeat(60_000)));
        outbox.run();
        assertThat(more).containsExactly(true, true, false, false);
    }

    @Test
    void aFullOutboxIsReportedOnceAndDropsItsFrames() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(3, 1_000), counters, owner);
        for (int i = 0; i < 10; i++) {
            put(outbox, frame(i));
        }
        assertThat(owner.full).isEqualTo(1);
        assertThat(outbox.size()).isZero();
        connection.resume();
        assertThat(connection.frames).containsExactly("0");
    }

    @Test
    void bytesAreLimitedButOneFrameMayAlwaysWait() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(100, 1_000), counters, owner);
        put(outbox, frame(0));
        put(outbox, Frame.text("x".repeat(5_000)));
        assertThat(owner.full).isZero();
        put(outbox, frame(1));
        assertThat(owner.full).isEqualTo(1);
    }

    @Test
    void aSendThatThrowsIsHandledLikeAFailedSend() {
        Connection connection = new Connection() {
            @Override
            public void send(Frame frame, boolean more, Sent sent) {
                throw new IllegalStateException("TEXT_FULL_WRITING");
            }

            @Override
            public void close(int code, String reason) {}
        };
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        put(outbox, frame(0));
        assertThat(owner.failure).hasMessage("TEXT_FULL_WRITING");
        put(outbox, frame(1));
        assertThat(outbox.size()).isZero();
    }

    @Test
    void aSendThatFailsLaterClosesTheOutbox() {
        Connection.Sent[] pending = new Connection.Sent[1];
        Connection connection = new Connection() {
            @Override
            public void send(Frame frame, boolean more, Sent sent) {
                pending[0] = sent;
            }

            @Override
            public void close(int code, String reason) {}
        };
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        put(outbox, frame(0));
        put(outbox, frame(1));
        pending[0].sent(new IOException("reset"));
        assertThat(owner.failure).hasMessage("reset");
        assertThat(outbox.size()).isZero();
    }

    @Test
    void endingWaitsForTheFramesAddedBefore() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        put(outbox, frame(0));
        put(outbox, frame(1));
        List<String> sentBeforeEnd = new ArrayList<>();
        outbox.endAfterSending(() -> sentBeforeEnd.addAll(connection.frames));
        put(outbox, frame(2));
        assertThat(sentBeforeEnd).isEmpty();
        connection.resume();
        assertThat(sentBeforeEnd).containsExactly("0", "1");
    }

    @Test
    void aFullOutboxDropsDroppableEventsAndKeepsTheOthers() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(2, 1_000), counters, owner);
        for (int i = 0; i < 3; i++) {
            put(outbox, frame(i));
        }
        put(outbox, Frame.text("cursor", Delivery.DROPPABLE));
        assertThat(owner.full).isZero();
        assertThat(counters.dropped().sum()).isEqualTo(1);
        connection.resume();
        put(outbox, Frame.text("cursor", Delivery.DROPPABLE));
        assertThat(connection.frames).containsExactly("0", "1", "2", "cursor");
    }

    @Test
    void aNewerEventReplacesTheWaitingOneWithTheSameKey() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(5, 1_000), counters, owner);
        put(outbox, frame(0));
        put(outbox, Frame.text("a1", Delivery.latest("a")));
        put(outbox, frame(1));
        put(outbox, Frame.text("b1", Delivery.latest("b")));
        for (int i = 2; i < 100; i++) {
            put(outbox, Frame.text("a" + i, Delivery.latest("a")));
        }
        assertThat(outbox.size()).isEqualTo(3);
        connection.resume();
        put(outbox, Frame.text("a100", Delivery.latest("a")));
        assertThat(connection.frames).containsExactly("0", "a99", "1", "b1", "a100");
        assertThat(counters.replaced().sum()).isEqualTo(98);
    }

    @Test
    void aLatestEventIsDroppedIfTheOutboxIsFullAndHoldsNoOlderOne() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(1, 1_000), counters, owner);
        put(outbox, frame(0));
        put(outbox, frame(1));
        put(outbox, Frame.text("a1", Delivery.latest("a")));
        put(outbox, Frame.text("a2", Delivery.latest("a")));
        assertThat(counters.dropped().sum()).isEqualTo(2);
        connection.resume();
        put(outbox, Frame.text("a3", Delivery.latest("a")));
        assertThat(connection.frames).containsExactly("0", "1", "a3");
    }

    @Test
    void aPingOvertakesWaitingFrames() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        for (int i = 0; i < 3; i++) {
            put(outbox, frame(i));
        }
        assertThat(outbox.ping()).as("another thread is already writing").isFalse();
        assertThat(owner.pings).isZero();
        connection.resume();
        assertThat(connection.frames).containsExactly("0", "PING", "1", "2");
        assertThat(owner.pings).isEqualTo(1);
    }

    @Test
    void theAgeOfTheOldestWaitingEventIsMeasured() {
        RecordingConnection connection = new RecordingConnection();
        Outbox outbox = new Outbox(connection, WIDE, counters, owner);
        connection.stall();
        put(outbox, frame(0));
        Frame old = frame(1);
        put(outbox, old);
        put(outbox, frame(2));
        connection.completeOne();
        // "1" is now being sent, but its age counts from when it was added.
        assertThat(outbox.isOverdue(old.createdAt() + 1_001, 1_000)).isTrue();
        assertThat(outbox.isOverdue(old.createdAt() + 999, 1_000)).isFalse();
    }

    @Test
    void replacingAnEventNeverExceedsTheByteLimit() {
        RecordingConnection connection = new RecordingConnection();
        connection.stall();
        Outbox outbox = new Outbox(connection, new Outbox.Limits(100, 1_000), counters, owner);
        put(outbox, frame(0));
        put(outbox, Frame.text("x".repeat(500)));
        put(outbox, Frame.text("a1", Delivery.latest("a")));
        put(outbox, Frame.text("a".repeat(600), Delivery.latest("a")));
        assertThat(outbox.bytes()).isLessThanOrEqualTo(1_000);
        assertThat(counters.dropped().sum()).isEqualTo(1);
        connection.resume();
        assertThat(connection.frames).last().isEqualTo("a1");
    }
}
