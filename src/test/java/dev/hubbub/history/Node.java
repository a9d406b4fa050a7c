package dev.hubbub.history;

import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.Position;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.TestHub;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A hub with its history. */
final class Node implements AutoCloseable {
    final JdbcHistory history;
    final LocalHub hub;

    Node(JdbcHistory.Config config, int logEvents) {
        this(config, logEvents, null);
    }

    /** @param cluster null for a hub that is alone */
    Node(JdbcHistory.Config config, int logEvents, Cluster cluster) {
        history = JdbcHistory.start(config, Thread::new);
        hub = new TestHub()
                .log(logEvents, Duration.ofMinutes(2))
                .history(history)
                .start(cluster);
        history.completeOn(hub.services().application());
    }

    Visitor join(String room, String since, int last) {
        return join(room, since, last, Identity.ANONYMOUS);
    }

    Visitor join(String room, String since, int last, Identity identity) {
        Visitor client = new Visitor(this, identity);
        get(hub.room(room).join(client.client, Join.PLAIN.since(since).last(last)));
        return client;
    }

    Position publish(String room, Object data) {
        return get(hub.room(room).publish("x", data));
    }

    @Override
    public void close() {
        hub.stop(Duration.ZERO, Duration.ZERO);
        history.close();
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
