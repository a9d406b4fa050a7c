package dev.hubbub.protocol;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.json.Json;
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

/** What an event costs on its way in and out, against JSON-B building it up as objects. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    @Param({"100", "2000"})
    int size;

    private String frame;
    private Data data;

    @Setup
    public void prepare() {
        frame = "{\"name\":\"message\",\"data\":{\"room\":\"r1\",\"text\":\"" + "x".repeat(size) + "\"}}";
        data = EventDecoder.event(frame).data();
    }

    @Benchmark
    public Event decode() {
        return EventDecoder.event(frame);
    }

    @Benchmark
    public Object decodeByJsonb() {
        return Json.read(frame, Map.class);
    }

    @Benchmark
    public Data sign() {
        return data.with("room", "r1", "from", "0123456789abcdef");
    }

    @Benchmark
    public byte[] encode() {
        return EventEncoder.event("message", data).wire();
    }
}
