package dev.hubbub.cluster;

import dev.hubbub.EventException;
import dev.hubbub.hub.Forwarding;
import dev.hubbub.hub.HubServices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Requests of clients that have reached this node, while their session is on another one. A request is one message to the channel
 * of that node, and its answer is one to the channel of this node. No thread waits for it.
 */
final class RequestForwarding implements Forwarding {
    private static final char REQUEST = 'f';

    /** The status of an answer: that node has no sessions of this kind. */
    private static final int NO_SERVICE = 0;

    /** More requests, or more bytes of their bodies, that have not been answered yet are refused. */
    private static final int MAX_WAITING = 100_000;

    private static final long MAX_BYTES = 16 << 20;

    /** Far more than a request has. */
    private static final int MAX_PARAMETERS = 16;

    /** A node that is not listening may just be connecting to Redis again. */
    private static final int[] RETRY_MS = {50, 100, 200};

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{11}");

    private final RedisCluster cluster;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final ForwardedReplies replies;
    private HubServices shared;
    private volatile boolean stopped;

    RequestForwarding(RedisCluster cluster) {
        this.cluster = cluster;
        replies = new ForwardedReplies(cluster);
    }

    void start(HubServices hubServices) {
        shared = hubServices;
        replies.start(hubServices);
        new NodeWatch(cluster, this::nodes, this::gone).start(hubServices.scheduler());
    }

    @Override
    public String node() {
        return cluster.node();
    }

    @Override
    public String otherNode(String session) {
        int dot = session == null ? -1 : session.lastIndexOf('.');
        String node = session == null ? "" : session.substring(dot + 1);
        return dot < 0 || node.equals(cluster.node()) || !NODE.matcher(node).matches() ? null : node;
    }

    @Override
    public void serve(String kind, Service service) {
        services.put(kind, service);
    }

    @Override
    public Exchange forward(String node, Request request, Duration limit) {
        Pending sent = new Pending(numbers.incrementAndGet(), node, request);
        if (bytes.addAndGet(sent.message.length) > MAX_BYTES || pending.size() >= MAX_WAITING) {
            sent.finish();
            sent.stage.completeExceptionally(new EventException(
                    EventException.OVERLOADED, "Too many requests to other nodes wait for their answers"));
            return sent;
        }
        cluster.counters().forwarded().increment();
        pending.put(sent.number, sent);
        sent.alarm = shared.scheduler()
                .schedule(
                        "answer of another node",
                        limit,
                        () -> sent.fail(new TimeoutException("No answer within " + limit), true));
        cluster.link().submit(sent.new Sending(0));
        return sent;
    }

    /** A request without an answer, or whose answer is being written. */
    private final class Pending implements Exchange {
        final CompletableFuture<Answer> stage = new CompletableFuture<>();
        final long number;
        final String node;
        private final byte[] message;
        private final boolean repeatable;
        private volatile Future<?> alarm;

        /** It is only known until the answer has been written. Guarded by this. */
        private boolean over;

        Pending(long number, String node, Request request) {
            this.number = number;
            this.node = node;
            repeatable = request.repeatable();
            ClientMessage.Writer to = new ClientMessage.Writer(REQUEST)
                    .number(number)
                    .text(cluster.node())
                    .text(request.kind())
                    .number(request.parameters().size());
            request.parameters().forEach(to::text);
            message = to.bytes(request.body()).message();
        }

        @Override
        public CompletionStage<Answer> answer() {
            return stage;
        }

        /** @return false if it was over before */
        private synchronized boolean finish() {
            if (over) {
                return false;
            }
            over = true;
            bytes.addAndGet(-message.length);
            Future<?> timer = alarm;
            if (timer != null) {
                timer.cancel(false);
            }
            return true;
        }

        private synchronized boolean isOver() {
            return over;
        }

        @Override
        public void end() {
            fail(new IOException("The client has disconnected"), true);
        }

        /** @param tell whether the other node may still have the request */
        void fail(Exception failure, boolean tell) {
            if (finish()) {
                pending.remove(number);
                if (tell) {
                    replies.tell(node, ForwardedReplies.ended(number, cluster.node()));
                }
                complete(() -> stage.completeExceptionally(failure));
            }
        }

        void answered(int status, byte[] body, boolean wantsToKnow) {
            if (status == NO_SERVICE) {
                fail(gone(), false);
            } else if (finish()) {
                if (!wantsToKnow) {
                    pending.remove(number);
                }
                complete(() -> stage.complete(new Answer(status, body, failure -> {
                    if (wantsToKnow) {
                        pending.remove(number);
                        replies.tell(node, ForwardedReplies.written(number, cluster.node(), failure));
                    }
                })));
            }
        }

        private void complete(Runnable completion) {
            if (stopped) {
                completion.run(); // one after another, and not each by a thread of its own
            } else {
                shared.writers().execute("answer of another node", completion);
            }
        }

        private final class Sending extends Call {
            private final int retries;

            Sending(int retries) {
                this.retries = retries;
            }

            @Override
            CommandArguments arguments(String term) {
                if (isOver()) {
                    return new CommandArguments(Command.PING);
                }
                return new CommandArguments(Command.PUBLISH)
                        .add(cluster.key("n:" + node))
                        .add(message);
            }

            @Override
            int size() {
                return 256 + message.length;
            }

            @Override
            boolean mayRepeat() {
                return repeatable;
            }

            @Override
            void replied(Object reply) {
                if (!(reply instanceof Long receivers) || receivers > 0) {
                    return;
                }
                if (retries < RETRY_MS.length && cluster.isLive(node)) {
                    shared.scheduler()
                            .schedule(
                                    "request to another node",
                                    Duration.ofMillis(RETRY_MS[retries]),
                                    () -> cluster.link().submit(new Sending(retries + 1)));
                } else {
                    fail(gone(), false);
                }
            }

            @Override
            void failed(RuntimeException failure) {
                fail(failure instanceof EventException ? failure : CommandLink.unavailable(), true);
            }
        }
    }

    private static EventException gone() {
        return new EventException(EventException.DISCONNECTED, "The session's node is gone");
    }

    /** Fails the requests to nodes that do not live any more, and ends those that came from them. */
    void check(Collection<String> live) {
        nodes().stream().filter(node -> !live.contains(node)).forEach(this::gone);
    }

    private void gone(String node) {
        new ArrayList<>(pending.values())
                .stream().filter(sent -> sent.node.equals(node)).forEach(sent -> sent.fail(gone(), true));
        replies.gone(node);
    }

    /** The nodes from which this one expects an answer, or news of one. */
    private Set<String> nodes() {
        Set<String> nodes = replies.nodes();
        pending.values().forEach(sent -> nodes.add(sent.node));
        return nodes;
    }

    /** The node stops. */
    void stop() {
        stopped = true;
        // The nodes of the sessions are not told: their clients ask again by another node.
        pending.values().forEach(sent -> sent.fail(new CancellationException("The server stops"), false));
    }

    /** How many requests have not been answered, here and by this node; for tests. */
    List<Integer> waiting() {
        return List.of(pending.size(), replies.size());
    }

    /**
     * A message has come. Does not block.
     *
     * @return false if it is not about requests that are forwarded
     * @throws RuntimeException if it is malformed
     */
    boolean received(byte[] message) {
        if (message[1] == ForwardedReplies.ANSWER) {
            answered(new ClientMessage.Reader(message));
            return true;
        }
        if (message[1] == REQUEST) {
            serve(new ClientMessage.Reader(message));
            return true;
        }
        return replies.received(message);
    }

    private void answered(ClientMessage.Reader from) {
        long number = from.number();
        String node = from.text();
        int status = from.count();
        byte[] body = from.bytes();
        boolean wantsToKnow = from.count() == 1;
        Pending sent = pending.get(number);
        if (sent != null) {
            sent.answered(status, body == null ? new byte[0] : body, wantsToKnow);
        } else if (wantsToKnow) {
            replies.tell(node, ForwardedReplies.written(number, cluster.node(), new IOException("The client is gone")));
        }
    }

    private void serve(ClientMessage.Reader from) {
        long number = from.number();
        String node = from.text();
        String kind = String.valueOf(from.text());
        Service service = services.get(kind);
        int count = from.count();
        if (node == null || count < 0 || count > MAX_PARAMETERS) {
            throw new IllegalArgumentException(count + " parameters");
        }
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parameters.add(String.valueOf(from.text()));
        }
        byte[] body = from.bytes();
        Reply reply = replies.begin(node, number);
        if (reply == null) {
            return; // it has come twice
        }
        shared.writers().execute("request of another node", () -> {
            if (service == null) {
                reply.answer(NO_SERVICE, new byte[0], null);
            } else {
                service.serve(new Request(kind, parameters, body == null ? new byte[0] : body, false), reply);
            }
        });
    }
}
