package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Sends at most one event of a key in an interval, see {@link dev.hubbub.Delivery#atMostEvery}: the first one at once, and at the
 * end of the interval the newest of those that came meanwhile. A key is forgotten after an interval without an event.
 */
final class Conflater {
    private final HubServices services;
    private final Map<Key, Pause> pauses = new ConcurrentHashMap<>();

    /** @param receivers to whom the event is sent */
    private record Key(Object receivers, String key) {
        // Written out, as in Member: JDK 17 would keep the class of a record that it compares.

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && receivers.equals(that.receivers) && key.equals(that.key);
        }

        @Override
        public int hashCode() {
            return 31 * receivers.hashCode() + key.hashCode();
        }
    }

    /** The time after an event in which the next ones wait. Guarded by itself. */
    private static final class Pause {
        Frame newest;
        boolean over;
    }

    Conflater(HubServices services) {
        this.services = services;
    }

    /**
     * Sends an event now or later.
     *
     * @param receivers equal for the same receivers
     * @param send puts the event into the outboxes
     */
    void send(Object receivers, Frame frame, Consumer<Frame> send) {
        Key key = new Key(receivers, frame.delivery().key());
        while (true) {
            Pause started = new Pause();
            Pause pause = pauses.putIfAbsent(key, started);
            if (pause == null) {
                send.accept(frame);
                schedule(key, started, frame.delivery().interval(), send);
                return;
            }
            synchronized (pause) {
                if (!pause.over) {
                    if (pause.newest != null) {
                        services.counters().replaced().increment();
                    }
                    pause.newest = frame;
                    return;
                }
            }
        }
    }

    private void schedule(Key key, Pause pause, Duration interval, Consumer<Frame> send) {
        services.scheduler().schedule("conflated event", interval, () -> {
            Frame frame;
            synchronized (pause) {
                frame = pause.newest;
                pause.newest = null;
                if (frame == null) {
                    pause.over = true;
                    pauses.remove(key, pause);
                    return;
                }
            }
            services.writers().execute("conflated event", () -> send.accept(frame));
            schedule(key, pause, interval, send);
        });
    }
}
