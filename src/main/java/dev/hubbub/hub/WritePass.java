package dev.hubbub.hub;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The pass of a thread over the sockets that are ready. Outboxes of small audiences are written at its end, so that what several
 * events have put into one outbox meanwhile is written together. Used by one thread.
 */
public final class WritePass {
    /** A larger audience is handed over to the writers, which share it among their threads. */
    static final int SMALL = 32;

    /** Events after which the outboxes are written within the pass: it must fill none, and keep nobody waiting. */
    static final int MAX_EVENTS = 64;

    private static final ThreadLocal<WritePass> CURRENT = new ThreadLocal<>();

    private final ArrayDeque<Outbox> outboxes = new ArrayDeque<>();
    private int events;

    private WritePass() {}

    /** The pass of this thread; null if it makes none. */
    static WritePass current() {
        return CURRENT.get();
    }

    /** Writes what the last pass of this thread has left, and begins the next. */
    public static void begin() {
        WritePass pass = CURRENT.get();
        if (pass == null) {
            CURRENT.set(new WritePass());
        } else {
            pass.write();
        }
    }

    /** This thread makes no more passes. */
    static void end() {
        begin();
        CURRENT.remove();
    }

    /** Has the outboxes of an event written later. @param small perhaps empty, if they are all to be written already */
    void add(List<Outbox> small) {
        outboxes.addAll(small);
        if (++events >= MAX_EVENTS) {
            write();
        }
    }

    private void write() {
        events = 0;
        Outbox next = outboxes.poll();
        while (next != null) {
            next.write();
            next = outboxes.poll();
        }
    }
}
