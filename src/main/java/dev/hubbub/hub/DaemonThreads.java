package dev.hubbub.hub;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Names the threads of another factory, and keeps them from keeping a JVM alive. */
final class DaemonThreads implements ThreadFactory {
    private final String prefix;
    private final ThreadFactory factory;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /**
     * @param factory in a full Jakarta EE server its managed one, whose threads know the application: its class loader, its JNDI
     *     names
     */
    DaemonThreads(String prefix, ThreadFactory factory) {
        this.prefix = prefix;
        this.factory = factory;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = factory.newThread(task);
        thread.setName(prefix + count.incrementAndGet());
        thread.setDaemon(true);
        threads.removeIf(other -> other.getState() == Thread.State.TERMINATED);
        threads.add(thread);
        return thread;
    }

    /**
     * Waits, not for long, until they have ended: an executor says that it has ended a moment before its threads have, and a
     * server that unloads the application looks for what is left of it.
     */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        }
    }
}
