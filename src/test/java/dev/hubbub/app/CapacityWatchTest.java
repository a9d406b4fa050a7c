package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.RecordedLog;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class CapacityWatchTest {
    private final AtomicLong used = new AtomicLong();

    private void use(CapacityWatch.Gauge gauge, int... numbers) {
        for (int number : numbers) {
            used.set(number);
            gauge.check();
        }
    }

    @Test
    void eachStateIsReportedOnceUntilThereIsRoomAgain() {
        CapacityWatch.Gauge gauge = new CapacityWatch.Gauge("near", "exhausted", "over", used::get, () -> 100);
        try (RecordedLog log = new RecordedLog(Level.INFO)) {
            use(gauge, 10, 89);
            assertThat(log.messages).isEmpty();
            use(gauge, 90, 95, 85, 91);
            assertThat(log.messages).containsExactly("near");
            use(gauge, 100, 99, 100);
            assertThat(log.messages).containsExactly("near", "exhausted");
            use(gauge, 80, 79, 10);
            assertThat(log.messages).containsExactly("near", "exhausted", "over");
            use(gauge, 90);
            assertThat(log.messages).containsExactly("near", "exhausted", "over", "near");
        }
    }

    @Test
    void withoutALimitNothingIsReported() {
        CapacityWatch.Gauge gauge = new CapacityWatch.Gauge("near", "exhausted", "over", () -> 10, () -> -1);
        try (RecordedLog log = new RecordedLog(Level.INFO)) {
            gauge.check();
            assertThat(log.messages).isEmpty();
        }
    }
}
