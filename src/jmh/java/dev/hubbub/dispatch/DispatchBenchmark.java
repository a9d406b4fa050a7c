package dev.hubbub.dispatch;

import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.builtin.RoomEvents;
import dev.hubbub.builtin.TestEvents;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestHub;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** A frame's whole way through Hubbub: decoded, dispatched, handled, encoded, into the outbox and out of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {
    private static final String MESSAGE =
            "{\"name\":\"message\",\"data\":{\"room\":\"r1\",\"text\":\"" + "x".repeat(100) + "\"}}";
    private static final String ECHO = "{\"name\":\"echo\",\"data\":\"" + "x".repeat(100) + "\",\"id\":1}";

    /** Nothing, running handlers for {@code hubbub.slow-handler}, or also all times for {@code hubbub.metrics}. */
    @Param({"nothing", "handlers", "times"})
    public String watched;

    private LocalHub hub;
    private Dispatcher dispatcher;
    private LocalClient client;

    private static final Connection NOWHERE = new Connection() {
        @Override
        public void send(Frame frame, boolean more, Sent sent) {
            frame.wire();
            sent.sent(null);
        }

        @Override
        public void close(int code, String reason) {}
    };

    @Setup
    public void prepare() {
        TestHub config = new TestHub().log(100, Duration.ofMinutes(2)).writers(1);
        boolean times = watched.equals("times");
        hub = (times ? config : config.unmeasured()).start();
        Handlers handlers = new Handlers(
                List.of(RoomEvents.class, TestEvents.class),
                List.of(),
                type -> type == RoomEvents.class ? new RoomEvents() : new TestEvents(),
                hub);
        if (times) {
            handlers.measure();
        }
        if (!watched.equals("nothing")) {
            handlers.watch(new RunningCalls());
        }
        dispatcher = new Dispatcher(handlers, null);
        client = TestHub.connect(hub, NOWHERE, new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
        hub.room("r1").join(client);
    }

    @TearDown
    public void stop() {
        hub.stop(Duration.ZERO, Duration.ZERO);
    }

    @Benchmark
    public void messageToARoomOfOne() {
        dispatcher.event(client, EventDecoder.event(MESSAGE));
    }

    @Benchmark
    public void acknowledgedEcho() {
        dispatcher.event(client, EventDecoder.event(ECHO));
    }
}
