package dev.hubbub.cluster;

import dev.hubbub.EventException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the events of a node that wait for Redis; there are bounds. */
final class EventQueue {
    private static final int MAX_EVENTS = 10_000;
    private static final long MAX_BYTES = 16L << 20;

    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** @throws EventException {@code unavailable} if there are too many */
    void add(int size) {
        if (events.get() >= MAX_EVENTS || bytes.get() >= MAX_BYTES) {
            throw new EventException(EventException.UNAVAILABLE, "Too many events wait for the cluster");
        }
        events.incrementAndGet();
        bytes.addAndGet(size);
    }

    void remove(int size) {
        events.decrementAndGet();
        bytes.addAndGet(-size);
    }

    void remove(List<Publication> items) {
        for (Publication item : items) {
            if (item.bytes() != null) {
                remove(item.bytes().length);
            }
        }
    }

    int size() {
        return events.get();
    }
}
