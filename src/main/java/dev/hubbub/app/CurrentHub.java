package dev.hubbub.app;

import dev.hubbub.AfterCommit;
import dev.hubbub.Client;
import dev.hubbub.ClientRef;
import dev.hubbub.Delivery;
import dev.hubbub.Group;
import dev.hubbub.Hub;
import dev.hubbub.Namespace;
import dev.hubbub.Room;
import dev.hubbub.Timer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The hub of a namespace, whichever Hubbub is running: for code outside of handlers, which may have got it before Hubbub has
 * started and may still have it when Hubbub has stopped. Then every method throws an {@code IllegalStateException} that says so.
 */
public final class CurrentHub implements Hub {
    /** The hub of the main namespace. */
    public static final Hub MAIN = new CurrentHub(Namespace.MAIN);

    private final String name;

    private CurrentHub(String name) {
        this.name = name;
    }

    private Hub hub() {
        return Hubbub.startedHub().namespace(name);
    }

    @Override
    public Hub namespace(String other) {
        Hubbub.startedHub().namespace(other); // fails if there is none
        return other.equals(Namespace.MAIN) ? MAIN : new CurrentHub(other);
    }

    @Override
    public Room room(String room) {
        return hub().room(room);
    }

    @Override
    public Group rooms(String... names) {
        return hub().rooms(names);
    }

    @Override
    public Group user(String user) {
        return hub().user(user);
    }

    @Override
    public Collection<String> roomNames() {
        return hub().roomNames();
    }

    @Override
    public Optional<Client> client(String id) {
        return hub().client(id);
    }

    @Override
    public ClientRef remote(String id) {
        return hub().remote(id);
    }

    @Override
    public AfterCommit afterCommit() {
        return hub().afterCommit();
    }

    @Override
    public Timer every(Duration interval, Runnable task) {
        return hub().every(interval, task);
    }

    @Override
    public Timer everyOnOneNode(String timer, Duration interval, Runnable task) {
        return hub().everyOnOneNode(timer, interval, task);
    }

    @Override
    public CompletionStage<Long> deleteEventsOf(String user) {
        return hub().deleteEventsOf(user);
    }

    @Override
    public int size() {
        return hub().size();
    }

    @Override
    public Group except(Client... clients) {
        return hub().except(clients);
    }

    @Override
    public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        hub().emit(event, data, attachments, delivery);
    }

    @Override
    public String toString() {
        return "hub " + name;
    }
}
