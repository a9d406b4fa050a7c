package dev.hubbub.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that wait for the connection to Redis, in the order in which they were submitted. Any thread adds calls, and the
 * link's thread takes them. While Redis is unavailable, only probes are added.
 */
final class CallQueue {
    /** Calls and bytes in one pipeline: few enough for the first reply to come soon. */
    private static final int MAX_CALLS = 64;

    private static final int MAX_BYTES = 1 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private boolean stopped;
    private volatile boolean available = true;

    boolean isAvailable() {
        return available;
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** @return false if the call is not taken */
    boolean add(Call call) {
        lock.lock();
        try {
            if (stopped || (!available && !call.isProbe())) {
                return false;
            }
            waiting.add(call);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts calls that have been taken back to the front, and empties their collection. */
    void putBack(ArrayDeque<Call> calls) {
        lock.lock();
        try {
            for (Iterator<Call> last = calls.descendingIterator(); last.hasNext(); ) {
                waiting.addFirst(last.next());
            }
        } finally {
            lock.unlock();
        }
        calls.clear();
    }

    /** Waits for calls and takes as many as one pipeline has. @return false if the queue has been stopped and is empty */
    boolean take(ArrayDeque<Call> pipeline) {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (stopped) {
                    return false;
                }
                changed.awaitUninterruptibly();
            }
            int bytes = 0;
            while (!waiting.isEmpty() && pipeline.size() < MAX_CALLS && bytes < MAX_BYTES) {
                Call call = waiting.remove();
                bytes += call.size();
                pipeline.add(call);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless the queue is stopped. @return false if it has been stopped */
    boolean pause(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether calls are taken from now on. If not, those that have never been written are added to {@code expired}.
     *
     * @return whether that has changed
     */
    boolean setAvailable(boolean now, List<Call> expired) {
        lock.lock();
        try {
            boolean changes = available != now;
            available = now;
            if (!now) {
                waiting.removeIf(call -> !call.written && !call.isProbe() && expired.add(call));
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** No call is taken any more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Removes all calls. */
    List<Call> drain() {
        lock.lock();
        try {
            List<Call> rest = new ArrayList<>(waiting);
            waiting.clear();
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
