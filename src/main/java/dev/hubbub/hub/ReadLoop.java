package dev.hubbub.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that reads many sockets and writes, at the end of each pass over them, what their events have left in outboxes. */
public final class ReadLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Bytes that are read from one socket in one pass. */
    public static final int BUFFER_SIZE = 4096;

    /** Reads one socket. The methods are called by the thread of the loop, which they must not block. */
    public interface Reader {
        /**
         * Begins to read.
         *
         * @param buffer for any use during the call; it has an array
         * @return false to be called again in a moment
         */
        boolean begin(Selector selector, ByteBuffer buffer);

        /** The socket is ready. @param buffer for any use during the call; it has an array */
        void read(ByteBuffer buffer);

        /** The loop ends. */
        void end();
    }

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private final Queue<Reader> requested = new ConcurrentLinkedQueue<>();
    private final List<Reader> beginning = new ArrayList<>();
    private volatile boolean stopped;

    ReadLoop() throws IOException {}

    /** Has {@link Reader#begin} called. If the loop has stopped, {@link Reader#end} is called instead. */
    public void begin(Reader reader) {
        requested.add(reader);
        selector.wakeup();
        if (stopped && requested.remove(reader)) {
            reader.end();
        }
    }

    /** To be called after a socket was closed, so that what the selector keeps of it is released. */
    public void closed() {
        selector.wakeup();
    }

    void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try (selector) {
            try {
                while (!stopped) {
                    beginRequested();
                    WritePass.begin(); // writes what the events of the last pass have left, and those read a moment ago
                    selector.select(this::read, beginning.isEmpty() ? 0 : 1);
                }
            } finally {
                stopped = true;
                endAll();
                WritePass.end();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "A thread that reads sockets has failed", e);
        }
    }

    private void beginRequested() {
        for (Reader reader = requested.poll(); reader != null; reader = requested.poll()) {
            beginning.add(reader);
        }
        beginning.removeIf(reader -> reader.begin(selector, buffer));
    }

    private void read(SelectionKey key) {
        ((Reader) key.attachment()).read(buffer);
    }

    private void endAll() {
        beginning.forEach(Reader::end);
        for (Reader reader = requested.poll(); reader != null; reader = requested.poll()) {
            reader.end();
        }
        selector.keys().forEach(key -> ((Reader) key.attachment()).end());
    }
}
