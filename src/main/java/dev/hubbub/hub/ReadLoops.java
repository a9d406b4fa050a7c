package dev.hubbub.hub;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that read sockets in place of a server that changes threads for every message. They start with the first socket; on
 * most servers that is never.
 */
public final class ReadLoops {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final DaemonThreads threads;

    // Guarded by this.
    private final ReadLoop[] loops;
    private int next;
    private boolean stopped;

    ReadLoops(ThreadFactory factory, int size) {
        threads = new DaemonThreads("hubbub-reader-", factory);
        loops = new ReadLoop[size];
    }

    /** The loop for one more socket; null if there is none, so that the server has to read it. */
    public synchronized ReadLoop next() {
        if (stopped) {
            return null;
        }
        int index = next++ % loops.length;
        if (loops[index] == null) {
            try {
                ReadLoop loop = new ReadLoop();
                threads.newThread(loop).start();
                loops[index] = loop;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "Sockets are read by the server's slower way", e);
                stopped = true;
            }
        }
        return loops[index];
    }

    /** Hands all sockets back to the server. */
    void stop() throws InterruptedException {
        synchronized (this) {
            stopped = true;
            for (ReadLoop loop : loops) {
                if (loop != null) {
                    loop.stop();
                }
            }
        }
        threads.join();
    }
}
