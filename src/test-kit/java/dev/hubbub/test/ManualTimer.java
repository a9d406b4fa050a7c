package dev.hubbub.test;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs scheduled tasks when a test lets time pass, on the thread of the test. */
final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now;
    private long count;
    private boolean stopped;

    private final class Task extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        private final Runnable command;
        /** Nanoseconds; negative if the task runs once. */
        private final long period;

        private final long number;
        private long due;

        Task(Runnable command, long due, long period) {
            this.command = command;
            this.due = due;
            this.period = period;
            number = count++;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            synchronized (ManualTimer.this) {
                return unit.convert(due - now, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public int compareTo(Delayed other) {
            Task task = (Task) other;
            int byTime = Long.compare(due, task.due);
            return byTime == 0 ? Long.compare(number, task.number) : byTime;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            synchronized (ManualTimer.this) {
                tasks.remove(this);
            }
            return super.cancel(mayInterrupt);
        }
    }

    /** Runs the tasks that are due within this time, each with what follows it. */
    void advance(Duration time, Runnable afterEach) {
        long end;
        synchronized (this) {
            end = now + time.toNanos();
        }
        for (Task task = next(end); task != null; task = next(end)) {
            task.command.run();
            afterEach.run();
            synchronized (this) {
                if (task.period < 0) {
                    task.complete(null);
                } else if (!task.isCancelled()) {
                    task.due = now + task.period;
                    tasks.add(task);
                }
            }
        }
    }

    private synchronized Task next(long end) {
        Task task = tasks.peek();
        if (task == null || task.due > end) {
            now = end;
            return null;
        }
        now = Math.max(now, task.due);
        return tasks.poll();
    }

    private synchronized Task add(Runnable command, long delay, long period) {
        Task task = new Task(command, now + Math.max(0, delay), period);
        if (!stopped) {
            tasks.add(task);
        }
        return task;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(command, unit.toNanos(delay), -1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        return add(command, unit.toNanos(initial), unit.toNanos(delay));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(command, initial, period, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("The hub schedules no callables");
    }

    @Override
    public void execute(Runnable command) {
        add(command, 0, -1);
    }

    @Override
    public synchronized void shutdown() {
        stopped = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return stopped;
    }

    @Override
    public synchronized boolean isTerminated() {
        return stopped;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
