package dev.hubbub.hub;

import java.util.List;

/** Whether a client is there: it answers pings, or shows another sign of life. */
final class Liveness {
    private volatile long heardAt = System.nanoTime();
    /** When the last ping was sent; until then, when it was due. */
    private volatile long pingedAt = heardAt;

    /** The client is being closed; only the scheduler's thread uses this. */
    private boolean closing;

    /** What {@link #check} found. */
    enum Health {
        GOOD,
        /** The client's oldest event has been waiting for too long. */
        TOO_SLOW,
        /** The client has not answered a ping. */
        SILENT
    }

    /** The client has shown a sign of life. */
    void heard() {
        heardAt = System.nanoTime();
    }

    /** The time to answer begins when the ping has been sent. */
    void pingSent() {
        pingedAt = System.nanoTime();
    }

    /**
     * Pings after each interval, unless the last ping has not been answered yet.
     *
     * @param answers whether the client answers pings
     * @param toWrite collects the outbox, if the caller must have it written
     */
    Health check(long now, HeartbeatTimes times, boolean answers, Outbox outbox, List<Outbox> toWrite) {
        if (closing) {
            return Health.GOOD; // once is enough
        }
        Health health = checkOpen(now, times, answers, outbox, toWrite);
        closing = health != Health.GOOD;
        return health;
    }

    private Health checkOpen(long now, HeartbeatTimes times, boolean answers, Outbox outbox, List<Outbox> toWrite) {
        boolean answered = heardAt - pingedAt >= 0;
        if (outbox.isOverdue(now, times.outboxAge())) {
            outbox.end();
            return Health.TOO_SLOW;
        }
        if (!answered && now - pingedAt >= times.patience()) {
            return Health.SILENT;
        }
        if (answered && now - pingedAt >= times.interval(answers)) {
            pingedAt = now;
            if (outbox.ping()) {
                toWrite.add(outbox);
            }
        }
        return Health.GOOD;
    }
}
