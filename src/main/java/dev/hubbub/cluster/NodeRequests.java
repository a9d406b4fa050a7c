package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.EventException;
import dev.hubbub.hub.HubServices;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * What this node asks others to do with their clients, and what others ask of it. A request is sent once at most; that it was
 * carried out is only known from its answer.
 *
 * <p>A request fails with {@code disconnected} if no node has the client, if its node does not listen, or if that node is no
 * longer one of the live ones. It fails with {@code unavailable} if Redis is away or the answer takes too long.
 */
final class NodeRequests {
    static final char KIND = 'q';

    /** More requests, or more bytes of requests, that have not been answered yet are refused. */
    private static final int MAX_REQUESTS = 10_000;

    private static final long MAX_BYTES = 16 << 20;

    /** A handler of {@code @OnJoin} may take this long; nothing else does. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RedisCluster cluster;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, Function<String, ClientRef>> here = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile HubServices services;

    /** A request without an answer. */
    private static final class Pending {
        final CompletableFuture<Object> stage = new CompletableFuture<>();
        /** Null until Redis has said which node has the client. */
        volatile String node;
    }

    NodeRequests(RedisCluster cluster) {
        this.cluster = cluster;
    }

    void start(HubServices shared) {
        services = shared;
    }

    /** @param clients finds a client of this node; null if there is none. Its methods do not block */
    void serve(String namespace, Function<String, ClientRef> clients) {
        here.put(namespace, clients);
    }

    /** How many requests have not been answered. */
    int size() {
        return pending.size();
    }

    /**
     * Asks the node of a client for something.
     *
     * @param limit how long to wait for the client's acknowledgement, after which the stage fails with a TimeoutException; null if
     *     it is the node alone that answers
     */
    <T> CompletionStage<T> send(String namespace, String client, ClientRequest request, Duration limit) {
        long number = numbers.incrementAndGet();
        ClientMessage.Writer to = new ClientMessage.Writer(KIND)
                .number(number)
                .text(cluster.node())
                .text(namespace)
                .text(client);
        request.write(to);
        byte[] message = to.message();
        if (bytes.addAndGet(message.length) > MAX_BYTES || pending.size() >= MAX_REQUESTS) {
            bytes.addAndGet(-message.length);
            return CompletableFuture.failedFuture(new EventException(
                    EventException.OVERLOADED, "Too many requests to other nodes wait for their answers"));
        }
        Pending sent = new Pending();
        pending.put(number, sent);
        Future<?> alarm = services.scheduler()
                .schedule("answer of another node", limit == null ? LIMIT : limit, () -> end(number, late(limit)));
        sent.stage.whenComplete((answer, failure) -> {
            bytes.addAndGet(-message.length);
            alarm.cancel(false);
        });
        cluster.link().submit(new Delivering(number, sent, client, message));
        CompletableFuture<T> result = new CompletableFuture<>();
        sent.stage.whenComplete((answer, failure) -> execute(() -> ((ClientAnswer) answer).complete(result)));
        return result;
    }

    private static Exception late(Duration limit) {
        return limit == null
                ? new EventException(
                        EventException.UNAVAILABLE,
                        "The client's node has not answered within " + LIMIT.toSeconds() + " s")
                : new TimeoutException("No acknowledgement within " + limit);
    }

    /** Has Redis find the client's node and hand it the request. */
    private final class Delivering extends Call {
        private final long number;
        private final Pending sent;
        private final String client;
        private final byte[] message;

        Delivering(long number, Pending sent, String client, byte[] message) {
            this.number = number;
            this.sent = sent;
            this.client = client;
            this.message = message;
        }

        @Override
        CommandArguments arguments(String term) {
            if (sent.stage.isDone()) {
                return new CommandArguments(Command.PING); // nobody waits for it any more
            }
            return script(Script.REQUEST, 1)
                    .add(cluster.clientKey(client))
                    .add(cluster.key("n:"))
                    .add(message);
        }

        @Override
        int size() {
            return 256 + message.length;
        }

        @Override
        boolean mayRepeat() {
            return false;
        }

        @Override
        void replied(Object reply) {
            if (reply instanceof List<?> found) {
                sent.node = found.isEmpty() ? null : RedisConnection.text(found.get(0));
                if (found.isEmpty() || (Long) found.get(1) == 0) {
                    end(number, disconnected());
                }
            }
        }

        @Override
        void failed(RuntimeException failure) {
            end(number, failure instanceof EventException ? failure : CommandLink.unavailable());
        }
    }

    private static EventException disconnected() {
        return new EventException(EventException.DISCONNECTED, "The client is not connected");
    }

    private void end(long number, Exception failure) {
        answered(number, new ClientAnswer(null, failure));
    }

    private void answered(long number, ClientAnswer answer) {
        Pending sent = pending.remove(number);
        if (sent != null) {
            sent.stage.complete(answer);
        }
    }

    /** Fails the requests to nodes that do not live any more. */
    void check(Collection<String> live) {
        pending.forEach((number, sent) -> {
            String node = sent.node;
            if (node != null && !live.contains(node)) {
                end(number, new EventException(EventException.DISCONNECTED, "The client's node is gone"));
            }
        });
    }

    /** The node stops. */
    void stop() {
        pending.keySet().forEach(number -> end(number, CommandLink.unavailable()));
    }

    /**
     * A request or an answer has come. Does not block.
     *
     * @throws RuntimeException if it is none
     */
    void received(byte[] message) {
        ClientMessage.Reader from = new ClientMessage.Reader(message);
        long number = from.number();
        if (message[1] == ClientAnswer.KIND) {
            answered(number, ClientAnswer.read(from));
            return;
        }
        if (message[1] != KIND) {
            throw new IllegalArgumentException("kind " + message[1]);
        }
        String node = from.text();
        Function<String, ClientRef> clients = here.get(String.valueOf(from.text()));
        String id = from.text();
        ClientRequest request = ClientRequest.read(from);
        ClientRef client = clients == null || id == null ? null : clients.apply(id);
        CompletionStage<?> done;
        try {
            done = client == null ? CompletableFuture.failedFuture(disconnected()) : request.on(client);
        } catch (RuntimeException e) {
            done = CompletableFuture.failedFuture(e);
        }
        done.whenComplete((value, failure) -> answer(node, number, ClientAnswer.of(value, failure)));
    }

    private void answer(String node, long number, ClientAnswer answer) {
        byte[] message = answer.message(number);
        String channel = cluster.key("n:" + node);
        cluster.link()
                .submit(Call.of(
                        () -> new CommandArguments(Command.PUBLISH).add(channel).add(message), reply -> {}));
    }

    /** Stages are completed where code of the application may run. */
    private void execute(Runnable completion) {
        try {
            services.application().execute(completion);
        } catch (RejectedExecutionException stopped) {
            completion.run();
        }
    }
}
