package dev.hubbub.hub;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names the threads of another factory, and keeps them from keeping a JVM alive.
 *
 * @param threads in a full Jakarta EE server its managed factory, whose threads know the application: its class loader,
 *     its JNDI names
 */
record DaemonThreads(String prefix, ThreadFactory threads, AtomicInteger count) implements ThreadFactory {
    DaemonThreads(String prefix, ThreadFactory threads) {
        this(prefix, threads, new AtomicInteger());
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = threads.newThread(task);
        thread.setName(prefix + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
