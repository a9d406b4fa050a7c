package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.EventException;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.OwnClients;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
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
    static final char CLOSE_USER = 'u';

    /** More requests, or more bytes of requests, that have not been answered yet are refused. */
    private static final int MAX_REQUESTS = 10_000;

    private static final long MAX_BYTES = 16 << 20;

    /** A handler of {@code @OnJoin} may take this long; nothing else does. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RedisCluster cluster;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, OwnClients> here = new ConcurrentHashMap<>();
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

    void serve(String namespace, OwnClients clients) {
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
        return send(number, to.message(), limit, (sent, message) -> new Delivering(number, sent, client, message));
    }

    /**
     * Has all other nodes close the clients of a user.
     *
     * @return fails with {@code unavailable} if a live node has not done so
     */
    CompletionStage<Void> closeUser(String namespace, String user, int code, String reason) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        cluster.link().submit(new Call() {
            @Override
            CommandArguments arguments(String term) {
                return cluster.nodes();
            }

            @Override
            void replied(Object nodes) {
                CompletableFuture<?>[] closed = ((List<?>) nodes)
                        .stream()
                                .map(RedisConnection::text)
                                .filter(node -> !node.equals(cluster.node()))
                                .map(node -> closeUser(node, namespace, user, code, reason))
                                .toArray(CompletableFuture<?>[]::new);
                CompletableFuture.allOf(closed).whenComplete((nothing, failure) -> end(result, failure));
            }

            @Override
            void failed(RuntimeException failure) {
                cluster.complete(() -> end(result, CommandLink.unavailable()));
            }
        });
        return result;
    }

    private static void end(CompletableFuture<Void> result, Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private CompletableFuture<?> closeUser(String node, String namespace, String user, int code, String reason) {
        long number = numbers.incrementAndGet();
        byte[] request = new ClientMessage.Writer(CLOSE_USER)
                .number(number)
                .text(cluster.node())
                .text(namespace)
                .text(user)
                .number(code)
                .text(reason)
                .message();
        return this.send(number, request, null, (sent, message) -> new Telling(number, sent, node, message))
                .toCompletableFuture()
                .exceptionally(NodeRequests::unlessGone);
    }

    /** The clients of a node that is gone are closed. */
    private static Object unlessGone(Throwable failure) {
        if (failure instanceof EventException problem && problem.code().equals(EventException.DISCONNECTED)) {
            return null;
        }
        throw new CompletionException(failure);
    }

    private <T> CompletionStage<T> send(
            long number, byte[] message, Duration limit, BiFunction<Pending, byte[], Call> call) {
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
        cluster.link().submit(call.apply(sent, message));
        CompletableFuture<T> result = new CompletableFuture<>();
        sent.stage.whenComplete((answer, failure) -> cluster.complete(() -> ((ClientAnswer) answer).complete(result)));
        return result;
    }

    private static Exception late(Duration limit) {
        return limit == null
                ? new EventException(
                        EventException.UNAVAILABLE,
                        "The client's node has not answered within " + LIMIT.toSeconds() + " s")
                : new TimeoutException("No acknowledgement within " + limit);
    }

    /** A request on its way. */
    private abstract class Request extends Call {
        final long number;
        final Pending sent;
        final byte[] message;

        Request(long number, Pending sent, byte[] message) {
            this.number = number;
            this.sent = sent;
            this.message = message;
        }

        abstract CommandArguments request();

        @Override
        CommandArguments arguments(String term) {
            return sent.stage.isDone() ? new CommandArguments(Command.PING) : request(); // if nobody waits any more
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
        void failed(RuntimeException failure) {
            end(number, failure instanceof EventException ? failure : CommandLink.unavailable());
        }
    }

    /** Tells one node. */
    private final class Telling extends Request {
        Telling(long number, Pending sent, String node, byte[] message) {
            super(number, sent, message);
            sent.node = node;
        }

        @Override
        CommandArguments request() {
            return new CommandArguments(Command.PUBLISH)
                    .add(cluster.key("n:" + sent.node))
                    .add(message);
        }

        @Override
        void replied(Object reply) {
            if (reply instanceof Long receivers && receivers == 0) {
                end(number, CommandLink.unavailable()); // it does not listen at the moment
            }
        }
    }

    /** Has Redis find the client's node and hand it the request. */
    private final class Delivering extends Request {
        private final String client;

        Delivering(long number, Pending sent, String client, byte[] message) {
            super(number, sent, message);
            this.client = client;
        }

        @Override
        CommandArguments request() {
            return script(Script.REQUEST, 1)
                    .add(cluster.clientKey(client))
                    .add(cluster.key("n:"))
                    .add(message);
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
        if (message[1] != KIND && message[1] != CLOSE_USER) {
            throw new IllegalArgumentException("kind " + message[1]);
        }
        String node = from.text();
        OwnClients clients = here.get(String.valueOf(from.text()));
        if (message[1] == CLOSE_USER) {
            String user = from.text();
            int code = from.count();
            String reason = from.text();
            if (clients != null) {
                clients.closeUser(user, code, reason);
            }
            answer(node, number, new ClientAnswer(null, null));
            return;
        }
        String id = from.text();
        ClientRequest request = ClientRequest.read(from);
        ClientRef client = clients == null || id == null ? null : clients.find(id);
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
}
