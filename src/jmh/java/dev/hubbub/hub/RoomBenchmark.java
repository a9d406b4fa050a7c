package dev.hubbub.hub;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What grows with members and rooms: 100,000 deliveries into the outboxes of rooms that take turns, with sockets that
 * take everything at once. All rows deliver the same number, so their scores can be compared as they are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RoomBenchmark {
    private static final int DELIVERIES = 100_000;

    /** Members of each room, and rooms. */
    @Param({"100x1", "100x50", "5000x1", "5x1", "5x1000"})
    public String shape;

    private LocalHub hub;
    private int members;
    private int rooms;
    private final Frame frame = EventEncoder.event("message", Map.of("text", "x".repeat(100)));

    private static final Connection NOWHERE = new Connection() {
        @Override
        public void send(Frame frame, boolean more, Sent sent) {
            sent.sent(null);
        }

        @Override
        public void close(int code, String reason) {}
    };

    @Setup
    public void prepare() {
        members = Integer.parseInt(shape.split("x")[0]);
        rooms = Integer.parseInt(shape.split("x")[1]);
        hub = new TestHub()
                .outbox(1_000_000, Duration.ofSeconds(15))
                .log(100, Duration.ofMinutes(2))
                .presence("*=off", 0)
                .writers(1)
                .start();
        for (int i = 0; i < rooms * members; i++) {
            LocalClient client =
                    TestHub.connect(hub, NOWHERE, new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
            hub.room("r" + i % rooms).join(client);
        }
    }

    @TearDown
    public void stop() {
        hub.stop(Duration.ZERO, Duration.ZERO);
    }

    @Benchmark
    public void deliver() {
        for (int i = 0; i < DELIVERIES / members; i++) {
            hub.publish(Set.of("r" + i % rooms), frame, Source.SERVER);
        }
    }
}
