package dev.hubbub.management;

import dev.hubbub.Client;
import dev.hubbub.Namespace;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.access.Bans;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.LiveSettings;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.ClientDescription;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.Tap;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;

/**
 * What operators can do, by JMX, by the admin page, and by HTTP. All of it is written to the log {@code dev.hubbub.audit}: who, from
 * where, what, and with which result. Clients and rooms are those of this node, except where it says otherwise. {@link Inspection} is
 * what they can see.
 */
public final class Operations {
    private static final System.Logger AUDIT = System.getLogger("dev.hubbub.audit");
    private static final int MAX_TEXT = 500;

    private final Hubbub hubbub;
    private final ThreadFactory threads;
    private final Taps taps;

    /** @param threads makes the thread that drains */
    Operations(Hubbub hubbub, ThreadFactory threads) {
        this.hubbub = hubbub;
        this.threads = threads;
        taps = new Taps(hubbub);
    }

    /** Who is banned, the ban that ends first at the beginning. */
    public List<Bans.Ban> bans() {
        return hubbub.admission().bans().all();
    }

    /** Closes a client with 1008, on whatever node it is. May wait for that node. @return false if there is none with this id */
    public boolean close(Operator operator, String id, String reason) {
        Client client = null;
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            client = client == null ? namespace.hub().client(id).orElse(null) : client;
        }
        boolean found = client != null || closeElsewhere(id, text(reason));
        if (client != null) {
            client.close(CloseCode.POLICY, text(reason));
        }
        audit(
                operator,
                "closes " + (client == null ? id : ClientDescription.of(client)) + reason(reason),
                found ? "done" : "no such client");
        return found;
    }

    private boolean closeElsewhere(String id, String reason) {
        return hubbub.hub().cluster().isPresent()
                && hubbub.namespaces().stream()
                        .anyMatch(namespace -> namespace
                                .hub()
                                .remote(id)
                                .close(CloseCode.POLICY, reason)
                                .handle((nothing, failure) -> failure == null)
                                .toCompletableFuture()
                                .join());
    }

    /**
     * Rejects connections of a user or an address for a time, and closes the clients that it has on this node.
     *
     * @return the number of clients that were closed
     * @throws IllegalArgumentException if the time is not 1 minute to {@link Bans#LONGEST}
     * @throws IllegalStateException if there are {@link Bans#MAX} bans
     */
    public int ban(Operator operator, Bans.Kind kind, String value, Duration time, String reason) {
        Bans.Ban ban = hubbub.admission().bans().add(kind, value, time, text(reason));
        int closed = 0;
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            for (LocalClient client : namespace.hub().clients()) {
                String its = kind == Bans.Kind.USER ? client.identity().name() : client.remoteAddress();
                if (hubbub.admission().bans().find(kind, its) == ban) {
                    client.close(CloseCode.POLICY, "You are banned until " + ban.until());
                    closed++;
                }
            }
        }
        audit(
                operator,
                "bans the " + name(kind) + value + " until " + ban.until() + reason(reason),
                closed + " clients closed");
        return closed;
    }

    /** @return false if there was no such ban */
    public boolean unban(Operator operator, Bans.Kind kind, String value) {
        boolean removed = hubbub.admission().bans().remove(kind, value);
        audit(operator, "ends the ban of the " + name(kind) + value, removed ? "done" : "no such ban");
        return removed;
    }

    private static String name(Bans.Kind kind) {
        return kind == Bans.Kind.USER ? "user " : "address ";
    }

    /**
     * Removes all members of this node from a room. Each is sent {@code left} with the reason {@code expelled}.
     *
     * @return how many there were
     * @throws IllegalArgumentException if there is no such namespace
     */
    public int clearRoom(Operator operator, String namespace, String name) {
        NamespaceRuntime found = require(namespace);
        Room room = found.hub().room(name);
        int count = 0;
        for (Client client : room.clients()) {
            if (room.expel(client)) {
                count++;
            }
        }
        audit(operator, "clears the room " + found.prefix() + name, count + " members removed");
        return count;
    }

    private record Notice(String text) {}

    /**
     * Sends the event {@code notice} with {@code {"text"}}.
     *
     * @param room null for all clients of the namespace
     * @param namespace null for all clients
     */
    public void notice(Operator operator, String namespace, String room, String text) {
        Notice notice = new Notice(text);
        if (namespace == null) {
            hubbub.namespaces().forEach(each -> each.hub().emit("notice", notice));
        } else if (room == null) {
            require(namespace).hub().emit("notice", notice);
        } else {
            require(namespace).hub().room(room).emit("notice", notice);
        }
        audit(
                operator,
                "sends a notice to " + (room == null ? "all clients" : "the room " + room) + ": " + text,
                "done");
    }

    /**
     * Begins to watch the events of a room, or those that a client sends.
     *
     * @param client an id; null for a room
     * @return false if there is no such client or room on this node
     * @throws IllegalStateException if too much is watched
     */
    public boolean watch(Operator operator, String client, String namespace, String room) {
        boolean found = taps.begin(client, namespace, room);
        String what = client == null ? "of the room " + room : "that the client " + client + " sends";
        audit(operator, "watches the events " + what, found ? "started" : "not found");
        return found;
    }

    /** What is watched, since the event with this number; null if it is not watched any more. */
    public Tap.Lines watched(String client, String namespace, String room, long after) {
        return taps.read(client, namespace, room, after);
    }

    /**
     * Changes a setting of this node until the next start.
     *
     * @param value null for the configured value
     * @throws IllegalArgumentException if it cannot be changed without a restart, or the value is invalid; the message says why
     */
    public LiveSettings.Change changeSetting(Operator operator, String name, String value) {
        try {
            LiveSettings.Change change = hubbub.change(name, value);
            audit(operator, "changes " + name + " from " + change.before() + " to " + change.after(), "done");
            return change;
        } catch (IllegalArgumentException rejected) {
            audit(operator, "changes " + text(name) + " to " + text(LiveSettings.shown(name, value)), "rejected");
            throw rejected;
        }
    }

    /** Rejects new connections and disconnects all clients, in the background. */
    public void drain(Operator operator) {
        audit(operator, "drains this server", "started");
        Thread thread = threads.newThread(hubbub::drain);
        thread.setName("hubbub-drain");
        thread.setDaemon(true);
        thread.start();
    }

    /** Accepts connections again after {@link #drain}. */
    public void reopen(Operator operator) {
        hubbub.reopen();
        audit(operator, "accepts connections again", "done");
    }

    /** Deletes an event of a room of the main namespace. */
    CompletionStage<Boolean> deleteEvent(Operator operator, String room, Position position) {
        audit(operator, "deletes the event " + position + " of the room " + room, "started");
        return hubbub.hub().room(room).delete(position);
    }

    /** Deletes all events of a room of the main namespace. */
    CompletionStage<Long> deleteEventsOfRoom(Operator operator, String room) {
        audit(operator, "deletes all events of the room " + room, "started");
        return hubbub.hub().room(room).deleteAll();
    }

    /** Deletes all events that a user has sent. */
    CompletionStage<Long> deleteEventsOfUser(Operator operator, String user) {
        audit(operator, "deletes all events of the user " + user, "started");
        return hubbub.hub().deleteEventsOf(user);
    }

    /** Somebody who is no operator tried to become one. */
    public void loginFailed(String user, String address) {
        audit(new Operator("Somebody", address), "tries to log in as " + user, "rejected");
    }

    /** Somebody has become an operator. */
    public void loggedIn(Operator operator) {
        audit(operator, "logs in to the admin page", "done");
    }

    private NamespaceRuntime require(String name) {
        NamespaceRuntime namespace = hubbub.namespace(name == null ? Namespace.MAIN : name);
        if (namespace == null) {
            throw new IllegalArgumentException("There is no namespace " + name);
        }
        return namespace;
    }

    private static String text(String reason) {
        return reason == null ? "" : reason.substring(0, Math.min(reason.length(), MAX_TEXT));
    }

    private static String reason(String reason) {
        return reason == null || reason.isEmpty() ? "" : " (" + text(reason) + ")";
    }

    private static void audit(Operator operator, String action, String result) {
        // Names and texts come from outside, and may try to look like lines of the log.
        AUDIT.log(System.Logger.Level.INFO, Protocol.printable(operator + " " + action + ": " + result));
    }
}
