package dev.hubbub.cluster;

import dev.hubbub.hub.Forwarding;
import dev.hubbub.hub.HubServices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Requests that other nodes have handed to this one: those that wait for their answer, or for news that it has been written. */
final class ForwardedReplies {
    static final char ANSWER = 'r';
    private static final char WRITTEN = 'w';
    private static final char ENDED = 'e';

    private final RedisCluster cluster;
    private final Map<Key, Waiting> replies = new ConcurrentHashMap<>();
    private HubServices services;

    private record Key(String node, long number) {}

    ForwardedReplies(RedisCluster cluster) {
        this.cluster = cluster;
    }

    void start(HubServices shared) {
        services = shared;
    }

    /** @return null if it has begun before */
    Forwarding.Reply begin(String node, long number) {
        Waiting reply = new Waiting(new Key(node, number));
        return replies.putIfAbsent(reply.key, reply) == null ? reply : null;
    }

    Set<String> nodes() {
        Set<String> nodes = new HashSet<>();
        replies.keySet().forEach(key -> nodes.add(key.node));
        return nodes;
    }

    int size() {
        return replies.size();
    }

    /** This node waits no longer for the answer. */
    static byte[] ended(long number, String node) {
        return new ClientMessage.Writer(ENDED).number(number).text(node).message();
    }

    /** This node has written the answer, or could not. */
    static byte[] written(long number, String node, Throwable failure) {
        return new ClientMessage.Writer(WRITTEN)
                .number(number)
                .text(node)
                .text(failure == null ? null : failure.toString())
                .message();
    }

    void tell(String node, byte[] message) {
        String channel = cluster.key("n:" + node);
        cluster.link()
                .submit(Call.of(
                        () -> new CommandArguments(Command.PUBLISH).add(channel).add(message), reply -> {}));
    }

    /** @return false if it is another kind of message */
    boolean received(byte[] message) {
        if (message[1] != WRITTEN && message[1] != ENDED) {
            return false;
        }
        ClientMessage.Reader from = new ClientMessage.Reader(message);
        long number = from.number();
        Waiting reply = replies.get(new Key(from.text(), number));
        String failure = message[1] == WRITTEN ? from.text() : null;
        if (reply != null && message[1] == WRITTEN) {
            reply.written(failure == null ? null : new IOException(failure));
        } else if (reply != null) {
            reply.ended();
        }
        return true;
    }

    /** A node is gone, and the clients that had reached it are. */
    void gone(String node) {
        new ArrayList<>(replies.values())
                .stream().filter(reply -> reply.key.node.equals(node)).forEach(reply -> {
                    reply.written(new IOException("The node is gone"));
                    reply.ended();
                });
    }

    private final class Waiting implements Forwarding.Reply {
        private final Key key;
        // Guarded by this.
        private boolean answered;
        private boolean ended;
        private Runnable whenEnded;
        private Consumer<Throwable> whenWritten;

        Waiting(Key key) {
            this.key = key;
        }

        @Override
        public void answer(int status, byte[] body, Consumer<Throwable> written) {
            boolean late;
            synchronized (this) {
                late = answered || ended;
                if (!late) {
                    answered = true;
                    whenWritten = written;
                }
            }
            if (late) {
                if (written != null) {
                    written.accept(new IOException("The response has ended"));
                }
                return;
            }
            if (written == null) {
                replies.remove(key);
            }
            cluster.link().submit(new Answering(this, answer(status, body, written != null)));
        }

        private byte[] answer(int status, byte[] body, boolean wantsToKnow) {
            return new ClientMessage.Writer(ANSWER)
                    .number(key.number)
                    .text(cluster.node())
                    .number(status)
                    .bytes(body)
                    .number(wantsToKnow ? 1 : 0)
                    .message();
        }

        @Override
        public void whenEnded(Runnable action) {
            synchronized (this) {
                if (!ended) {
                    whenEnded = action;
                    return;
                }
            }
            services.closers().execute(action);
        }

        /** The client waits no longer. */
        void ended() {
            Runnable action;
            synchronized (this) {
                if (answered || ended) {
                    return;
                }
                ended = true;
                action = whenEnded;
            }
            replies.remove(key);
            if (action != null) {
                services.closers().execute(action);
            }
        }

        void written(Throwable failure) {
            Consumer<Throwable> told;
            synchronized (this) {
                told = whenWritten;
                whenWritten = null;
                if (!answered) {
                    return;
                }
            }
            replies.remove(key);
            if (told != null) {
                services.writers().execute("answer to another node", () -> told.accept(failure));
            }
        }
    }

    private final class Answering extends Call {
        private final Waiting reply;
        private final byte[] message;

        Answering(Waiting reply, byte[] message) {
            this.reply = reply;
            this.message = message;
        }

        @Override
        CommandArguments arguments(String term) {
            return new CommandArguments(Command.PUBLISH)
                    .add(cluster.key("n:" + reply.key.node))
                    .add(message);
        }

        @Override
        int size() {
            return 256 + message.length;
        }

        @Override
        void replied(Object receivers) {
            if (receivers instanceof Long count && count == 0) {
                reply.written(new IOException("The node is gone"));
            }
        }

        @Override
        void failed(RuntimeException failure) {
            reply.written(failure);
        }
    }
}
