package dev.hubbub.dispatch;

import dev.hubbub.hub.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of handlers that run at the moment. Those that take too long are logged while they run, with the stack of their
 * threads: a handler that hangs would otherwise not be seen in any log.
 */
public final class RunningCalls {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** One handler is logged once in this time. */
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    /** When each handler was logged last, by its name. Only the thread that checks uses it. */
    private final Map<String, Long> logged = new ConcurrentHashMap<>();

    /** One call. Two calls are never equal. */
    static final class Running {
        private final HandlerMethod handler;
        private final Thread thread;
        private final long startedAt;

        private Running(HandlerMethod handler, Thread thread, long startedAt) {
            this.handler = handler;
            this.thread = thread;
            this.startedAt = startedAt;
        }
    }

    Running begin(HandlerMethod handler) {
        Running call = new Running(handler, Thread.currentThread(), System.nanoTime());
        running.add(call);
        return call;
    }

    void end(Running call) {
        running.remove(call);
    }

    /** Logs the handlers that have been running for longer than the limit, from now on. @param limit zero for never */
    public void start(Scheduler scheduler, Duration limit) {
        if (!limit.isZero()) {
            scheduler.repeat("slow handlers", CHECK_INTERVAL, () -> check(System.nanoTime(), limit));
        }
    }

    void check(long now, Duration limit) {
        logged.values().removeIf(at -> now - at >= LOG_INTERVAL.toNanos());
        for (Running call : running) {
            if (now - call.startedAt >= limit.toNanos() && logged.putIfAbsent(call.handler.toString(), now) == null) {
                log(call, now, limit);
            }
        }
    }

    private void log(Running call, long now, Duration limit) {
        StackTraceElement[] stack = call.thread.getStackTrace();
        if (!running.contains(call)) {
            logged.remove(call.handler.toString());
            return; // it has just ended, and the stack is that of something else
        }
        long others = running.stream()
                        .filter(each -> each.handler == call.handler && now - each.startedAt >= limit.toNanos())
                        .count()
                - 1;
        Throwable here = new Throwable("The thread " + call.thread.getName() + " is here");
        here.setStackTrace(stack);
        LOG.log(
                System.Logger.Level.WARNING,
                "The handler " + call.handler + " has been running for "
                        + Duration.ofNanos(now - call.startedAt).toMillis() + " ms, and " + others
                        + " other calls of it also for longer than hubbub.slow-handler",
                here);
    }
}
