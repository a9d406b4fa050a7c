package dev.hubbub.hub;

import java.util.concurrent.atomic.AtomicInteger;

/** The handlers of one client that have not returned their result yet. */
public final class PendingResults {
    private final AtomicInteger count = new AtomicInteger();
    private final int max;

    PendingResults(int max) {
        this.max = max;
    }

    /** A handler will return its result later (1), or has (-1). */
    public void add(int change) {
        count.addAndGet(change);
    }

    public boolean areTooMany() {
        return count.get() >= max;
    }

    boolean isEmpty() {
        return count.get() == 0;
    }
}
