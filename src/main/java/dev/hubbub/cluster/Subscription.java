package dev.hubbub.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connection that receives what is published. One thread reads it and hands each message to the receiver of its channel; a
 * receiver must not block. A thread that subscribes writes to the connection itself, under {@link #writing}.
 */
final class Subscription {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Channels in one command. */
    private static final int BATCH = 512;

    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1_000;

    /** Longer than several probes take. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private final RedisAddress address;
    private final String name;
    private final Listener listener;
    private final Thread thread;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** Replaced with the lock {@link #writing}. */
    private volatile RedisConnection connection;

    private volatile String term = "";
    private volatile boolean stopped;
    private String lastProblem = "";

    /** Confirmations that are still to come before everything is subscribed again; negative if it is. Belongs to the thread. */
    private int missing = -1;

    private record Channel(Consumer<byte[]> receiver, CompletableFuture<Void> confirmed) {}

    /** Told of the state of the connection, by its thread. Must not block. */
    interface Listener {
        /** Messages are being lost. */
        void interrupted();

        /** No message will be lost from now on. */
        void subscribed();
    }

    Subscription(RedisAddress address, String name, ThreadFactory threads, Listener listener) {
        this.address = address;
        this.name = name;
        this.listener = listener;
        thread = threads.newThread(this::run);
        thread.setName("hubbub-redis-subscription");
        thread.setDaemon(true);
    }

    /**
     * Starts, and waits until the present channels are subscribed.
     *
     * @param patience how long it waits; after that it goes on without waiting
     */
    void start(Duration patience) {
        thread.start();
        CompletableFuture<Void> confirmed = CompletableFuture.allOf(
                channels.values().stream().map(Channel::confirmed).toArray(CompletableFuture[]::new));
        try {
            confirmed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            return; // the thread goes on trying, and logs why
        }
    }

    /** Which master it listens to. */
    String term() {
        return term;
    }

    boolean isConnected() {
        return connection != null;
    }

    /** Receives the messages of a channel. @return completes, on the reading thread, when none will be lost any more */
    CompletableFuture<Void> subscribe(String channel, Consumer<byte[]> receiver) {
        Channel added = new Channel(receiver, new CompletableFuture<>());
        writing.lock();
        try {
            channels.put(channel, added);
            send(Command.SUBSCRIBE, List.of(channel));
        } finally {
            writing.unlock();
        }
        return added.confirmed;
    }

    /** Does nothing if another receiver has taken the channel. */
    void unsubscribe(String channel, Consumer<byte[]> receiver) {
        writing.lock();
        try {
            Channel present = channels.get(channel);
            if (present != null && present.receiver == receiver) {
                channels.remove(channel);
                send(Command.UNSUBSCRIBE, List.of(channel));
            }
        } finally {
            writing.unlock();
        }
    }

    /** Called with the lock. A failure is noticed by the reading thread. */
    private void send(Command command, List<String> names) {
        RedisConnection open = connection;
        if (open == null) {
            return;
        }
        try {
            for (int start = 0; start < names.size(); start += BATCH) {
                CommandArguments arguments = new CommandArguments(command);
                names.subList(start, Math.min(names.size(), start + BATCH)).forEach(arguments::add);
                open.sendCommand(arguments);
            }
            open.send();
        } catch (JedisException e) {
            open.close();
        }
    }

    /** Connects anew, since nothing is heard on this connection that should be. */
    void reconnect() {
        RedisConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    void stop() {
        stopped = true;
        reconnect();
        thread.interrupt();
        try {
            thread.join(4_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MS;
        while (!stopped) {
            try {
                connect();
                pause = FIRST_PAUSE_MS;
                while (true) {
                    received(connection.getUnflushedObject());
                }
            } catch (JedisException e) {
                broken(RedisConnection.reason(e));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(System.Logger.Level.ERROR, "The subscription to Redis failed", e);
                broken(e.toString());
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return; // stopped
            }
            pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
    }

    private void connect() {
        RedisConnection opened = RedisConnection.open(address, name, SILENCE);
        try {
            term = opened.term();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        writing.lock();
        try {
            connection = opened;
            List<String> all = new ArrayList<>(channels.keySet());
            missing = all.size();
            send(Command.SUBSCRIBE, all);
        } finally {
            writing.unlock();
        }
        if (stopped) {
            opened.close();
        }
        if (!lastProblem.isEmpty()) {
            lastProblem = "";
            LOG.log(System.Logger.Level.INFO, "Subscribed to Redis at {0} again", opened.getHostAndPort());
        }
        allSubscribed();
    }

    private void allSubscribed() {
        if (missing == 0) {
            missing = -1;
            listener.subscribed();
        }
    }

    private void broken(String problem) {
        if (!stopped && !problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.log(System.Logger.Level.WARNING, "No subscription to Redis at {0}: {1}", address, problem);
        }
        writing.lock();
        try {
            if (connection != null) {
                connection.close();
            }
            connection = null;
        } finally {
            writing.unlock();
        }
        listener.interrupted();
    }

    private void received(Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() < 3 || !(parts.get(0) instanceof byte[] kind)) {
            return;
        }
        String channel = RedisConnection.text(parts.get(1));
        if (kind.length == 7 && kind[0] == 'm') { // message
            Channel receiver = channels.get(channel);
            if (receiver != null && parts.get(2) instanceof byte[] message) {
                try {
                    receiver.receiver.accept(message);
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "A message of the cluster could not be used", e);
                }
            }
        } else if (new String(kind, StandardCharsets.US_ASCII).equals("subscribe")) {
            Channel confirmed = channel == null ? null : channels.get(channel);
            if (confirmed != null) {
                confirmed.confirmed.complete(null);
            }
            if (missing > 0) {
                missing--;
                allSubscribed();
            }
        }
    }
}
