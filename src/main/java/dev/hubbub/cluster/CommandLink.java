package dev.hubbub.cluster;

import dev.hubbub.EventException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connection that carries a node's commands. One thread takes the calls that wait, writes them as one pipeline and reads the
 * replies; meanwhile the next ones gather. Calls are sent in the order in which they were submitted.
 *
 * <p>When the connection breaks, calls that were sent and not answered stay first in line and are sent again. Calls that were not
 * sent yet expire if Redis stays away for longer than the patience.
 */
final class CommandLink {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** A Redis that does not answer for this long is taken for dead. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final RedisAddress address;
    private final String name;
    private final Duration patience;
    private final Listener listener;
    private final Thread thread;

    private final CallQueue queue = new CallQueue();

    /** Sent and not answered. Belongs to the thread. */
    private final ArrayDeque<Call> sent = new ArrayDeque<>();

    private volatile RedisConnection connection;
    private volatile String term = "";
    /** Since when nothing was heard that was waited for, by {@link System#nanoTime}; 0 if all is well. */
    private volatile long silentSince = System.nanoTime();

    private volatile long lastRoundTrip;
    private String lastProblem = "";

    /** Told of the state of the connection, by the link's thread or a timer's. Must not block. */
    interface Listener {
        /** Commands can be sent again, to this term of a master. */
        void connected(String term);

        /** Redis has been away for longer than the patience, or is back. */
        void available(boolean available);
    }

    CommandLink(RedisAddress address, String name, Duration patience, ThreadFactory threads, Listener listener) {
        this.address = address;
        this.name = name;
        this.patience = patience;
        this.listener = listener;
        thread = threads.newThread(this::run);
        thread.setName("hubbub-redis-commands");
        thread.setDaemon(true);
    }

    /** @param first already connected, or null */
    void start(RedisConnection first) {
        if (first != null) {
            prepared(first);
        }
        thread.start();
    }

    boolean isAvailable() {
        return queue.isAvailable();
    }

    String term() {
        return term;
    }

    /** The duration of the last pipeline, from the first byte sent to the last reply. */
    Duration lastRoundTrip() {
        return Duration.ofNanos(lastRoundTrip);
    }

    int waiting() {
        return queue.size();
    }

    /** Has a call sent, or failed with {@code unavailable}. */
    void submit(Call call) {
        if (!queue.add(call)) {
            call.failed(unavailable());
        }
    }

    static EventException unavailable() {
        return new EventException(EventException.UNAVAILABLE, "The cluster is unavailable; try again later");
    }

    /** To be called a few times a second: expires calls if Redis has been away for too long. */
    void checkPatience() {
        long since = silentSince;
        boolean late = since != 0 && System.nanoTime() - since > patience.toNanos();
        List<Call> expired = new ArrayList<>();
        boolean changed = queue.setAvailable(!late, expired);
        expired.forEach(call -> fail(call, unavailable()));
        if (changed) {
            LOG.log(
                    late ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                    late
                            ? "Redis at {0} has been unreachable for {1} ms: events are answered \"unavailable\""
                            : "Redis at {0} is reachable again",
                    address,
                    String.valueOf(patience.toMillis()));
            listener.available(!late);
        }
    }

    void stop() {
        queue.stop();
        try {
            thread.join(1_000);
            close();
            thread.join(3_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MS;
        while (true) {
            try {
                if (connection == null) {
                    prepared(RedisConnection.open(address, name, SILENCE));
                }
                pause = FIRST_PAUSE_MS;
                while (exchange()) {
                    // the next pipeline
                }
                connection.close();
                return;
            } catch (JedisException e) {
                broken(e);
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(System.Logger.Level.ERROR, "The connection to Redis failed", e);
                broken(new JedisException(e));
            }
            if (!queue.pause(pause)) {
                sent.forEach(call -> fail(call, unavailable()));
                queue.drain().forEach(call -> fail(call, unavailable()));
                return;
            }
            pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
    }

    private void prepared(RedisConnection opened) {
        try {
            term = opened.term();
            load(opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        connection = opened;
        if (sent.isEmpty() && queue.isEmpty()) {
            silentSince = 0; // otherwise the first reply says that all is well
        }
        if (!lastProblem.isEmpty()) {
            lastProblem = "";
            LOG.log(System.Logger.Level.INFO, "Connected to Redis at {0} again", opened.getHostAndPort());
        }
        repeat(sent);
        listener.connected(term);
        checkPatience();
    }

    static void load(RedisConnection connection) {
        for (Script script : Script.values()) {
            connection.sendCommand(
                    new CommandArguments(Command.SCRIPT).add("LOAD").add(script.source));
        }
        for (Object reply : connection.getMany(Script.values().length)) {
            if (reply instanceof JedisDataException refused) {
                throw refused;
            }
        }
    }

    private void broken(JedisException cause) {
        if (silentSince == 0) {
            silentSince = System.nanoTime();
        }
        String problem = RedisConnection.reason(cause);
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.log(System.Logger.Level.WARNING, "No connection to Redis at {0}: {1}", address, problem);
        }
        close();
        connection = null;
        List<Call> lost = new ArrayList<>();
        sent.removeIf(call -> !call.mayRepeat() && lost.add(call));
        lost.forEach(call -> fail(call, unavailable()));
    }

    /** Puts calls back to the front of the line. */
    private void repeat(ArrayDeque<Call> calls) {
        calls.forEach(Call::repeating);
        queue.putBack(calls);
    }

    /** Sends what waits and reads the replies. @return false if the link has been stopped and nothing waits */
    private boolean exchange() {
        if (!queue.take(sent)) {
            return false;
        }
        long start = System.nanoTime();
        if (silentSince == 0) {
            silentSince = start;
        }
        for (Call call : sent) {
            if (!call.written) {
                call.written = true;
                call.sending();
            }
            connection.sendCommand(call.arguments(term));
        }
        connection.send();
        ArrayDeque<Call> again = new ArrayDeque<>();
        boolean reload = false;
        JedisDataException refused = null;
        for (int count = sent.size(); count > 0; count--) {
            Object reply;
            try {
                reply = connection.getUnflushedObject();
            } catch (JedisDataException error) {
                reply = error;
            }
            Call call = sent.remove();
            if (reply instanceof JedisDataException error && isTemporary(error)) {
                refused = error;
                call.written = false; // this one does not have it
                again.add(call);
            } else if (reply instanceof JedisDataException error
                    && error.getMessage().startsWith("NOSCRIPT")) {
                reload = true;
                again.add(call);
            } else if (!(reply instanceof JedisDataException) && call.isOutOfOrder(reply)) {
                again.add(call);
            } else {
                silentSince = System.nanoTime();
                answered(call, reply);
            }
        }
        lastRoundTrip = System.nanoTime() - start;
        if (reload) {
            load(connection);
        }
        repeat(again);
        if (refused != null) {
            throw refused; // by another server, perhaps; otherwise after a pause
        }
        silentSince = 0;
        return true;
    }

    /** The server cannot do it now, or is not the master any more. */
    private static boolean isTemporary(JedisDataException error) {
        String message = String.valueOf(error.getMessage());
        return message.startsWith("LOADING")
                || message.startsWith("READONLY")
                || message.startsWith("MASTERDOWN")
                || message.startsWith("NOREPLICAS")
                || message.startsWith("MISCONF")
                || message.startsWith("BUSY")
                || message.contains("-READONLY")
                || message.contains("NOREPLICAS")
                || message.contains("-MISCONF");
    }

    private static void answered(Call call, Object reply) {
        try {
            if (reply instanceof JedisDataException error) {
                call.failed(error);
            } else {
                call.replied(reply);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A reply of Redis could not be used", e);
        }
    }

    private static void fail(Call call, RuntimeException failure) {
        try {
            call.failed(failure);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A call of Redis could not be ended", e);
        }
    }
}
