package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the outbox adds to a delivery, with a socket that takes everything at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OutboxBenchmark {
    private static final int MANY = 8;

    /** A socket that takes everything at once. */
    static final Connection NOWHERE = new Connection() {
        @Override
        public void send(Frame frame, boolean more, Sent sent) {
            sent.sent(null);
        }

        @Override
        public void close(int code, String reason) {}
    };

    private final Frame frame = Frame.text("x".repeat(100));
    private final Outbox outbox =
            new Outbox(NOWHERE, new Outbox.Limits(4_096, 1 << 20), new Counters(false), new Outbox.Owner() {
                @Override
                public void outboxFull() {}

                @Override
                public void outboxFailed(Throwable failure) {}

                @Override
                public void pingSent() {}

                @Override
                public void progressed() {}
            });

    @Benchmark
    public void oneFrame() {
        if (outbox.add(frame)) {
            outbox.run();
        }
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public void eightFramesTogether() {
        boolean mine = false;
        for (int i = 0; i < MANY; i++) {
            mine |= outbox.add(frame);
        }
        if (mine) {
            outbox.run();
        }
    }
}
