package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.LeaveReason;
import dev.hubbub.Member;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The clients of one namespace from their connection to their end: admission, identity, loss, return. */
final class ClientLifecycle {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    static final String RESTARTS = "The server restarts";

    private final HubServices services;
    private final HubConfig config;
    private final ConnectionLimiter connections;
    private final ClientRegistry registry;
    private final Rooms rooms;
    private final SessionStore sessions;
    private final DisconnectLog disconnectLog;
    /** Null without a cluster. */
    private final ClusterSessions elsewhere;

    private volatile DisconnectListener listener = (client, close) -> {};
    private volatile boolean stopping;

    ClientLifecycle(
            HubServices services,
            HubConfig config,
            ConnectionLimiter connections,
            ClientRegistry registry,
            Rooms rooms,
            SessionStore sessions,
            DisconnectLog disconnectLog,
            ClusterSessions elsewhere) {
        this.elsewhere = elsewhere;
        this.services = services;
        this.config = config;
        this.connections = connections;
        this.registry = registry;
        this.rooms = rooms;
        this.sessions = sessions;
        this.disconnectLog = disconnectLog;
    }

    void onDisconnect(DisconnectListener told) {
        listener = told;
    }

    /** Counts a client that is not one of the hub's yet: only its transport knows it, and it is sent nothing but answers. */
    void prepared(LocalClient client) {
        if (elsewhere != null
                && client.connection().secret() != null
                && client.connection().returnsToAnyNode()) {
            client.connection()
                    .useSecret(elsewhere.secret(client.id(), client.identity().name()));
        }
        client.exceeds(connections.connected(
                client.identity().name(),
                client.remoteAddress(),
                client.handshake().forwarded()));
    }

    /**
     * Makes a client one of the hub's. Its first frame is {@code connected}.
     *
     * @param seen the numbers that it has seen, by epoch, for the events to everyone; null if it does not want to return
     * @return false if it has disconnected meanwhile
     */
    boolean admit(LocalClient client, Map<String, Long> seen) {
        if (client.excess() != null) {
            return true; // whoever tells the application of new clients closes it instead
        }
        if (!client.admit()) {
            return false;
        }
        if (seen != null) {
            client.tellPositions();
        }
        if (elsewhere != null) {
            elsewhere.admitted(client.id());
        }
        Join.Greeting greeting = new Join.Greeting() {
            @Override
            public Frame frame(Boolean recovered) {
                return welcome(client, recovered);
            }

            /** Others find the client when "connected" is first in its outbox, but before the client learns its session. */
            @Override
            public void queued() {
                registry.add(client);
            }
        };
        rooms.join(Rooms.EVERYONE, Join.unseen(client, seen, greeting)).thenRun(() -> {
            if (!client.isConnected()) { // by another thread, which may not have found it
                registry.remove(client);
                rooms.leave(client, Rooms.EVERYONE);
                if (elsewhere != null) {
                    elsewhere.ended(client.id(), true);
                }
            }
            joinUser(client, seen);
        });
        services.counters().opened().increment(client.connection().transport());
        watchExpiry(client);
        LOG.log(System.Logger.Level.DEBUG, "{0} connected", client);
        if (stopping) {
            client.close(CloseCode.RESTART, RESTARTS);
        }
        return true;
    }

    private static final Join.Greeting NO_GREETING = new Join.Greeting() {
        @Override
        public Frame frame(Boolean recovered) {
            return null;
        }

        @Override
        public void queued() {}
    };

    /** Adds an authenticated client to those of its user. */
    private void joinUser(LocalClient client, Map<String, Long> seen) {
        if (client.identity().isAnonymous()) {
            return;
        }
        String room = Rooms.user(client.identity().name());
        rooms.join(room, Join.unseen(client, seen, NO_GREETING)).thenRun(() -> {
            if (!client.isConnected()) { // by another thread, which may not have found it there
                rooms.leave(client, room);
            }
        });
    }

    /** @param recovered null if the client does not return */
    private Frame welcome(LocalClient client, Boolean recovered) {
        String secret = client.connection().secret();
        String session = secret == null ? null : client.id() + "." + secret;
        return EventEncoder.event(
                Protocol.CONNECTED,
                new Welcome(
                        client.id(),
                        config.heartbeat().toMillis(),
                        config.maxPayload(),
                        config.logAge().toMillis(),
                        session,
                        recovered));
    }

    /** @param keyAge how long the idempotency key of an event is remembered at least, in milliseconds */
    private record Welcome(String id, long heartbeat, int maxPayload, long keyAge, String session, Boolean recovered) {}

    /**
     * The client is authenticated as somebody from now on. It leaves rooms that it may not be in any more, and is asked again
     * for each room whether it may know who is there.
     *
     * @throws EventException {@code forbidden} if it was authenticated as somebody else, {@code disconnected}
     */
    void identify(LocalClient client, Identity identity) {
        client.identify(identity, former -> {
            connections.userDisconnected(former.name());
            connections.userConnected(identity.name());
        });
        if (client.isAdmitted()) {
            watchExpiry(client);
            joinUser(client, null);
        }
        List<Outbox> toWrite = new ArrayList<>();
        for (String name : client.rooms()) {
            var permissions = rooms.permissions(name);
            if (!permissions.mayStay(client)) {
                rooms.expel(client, name, EventException.FORBIDDEN);
                continue;
            }
            RoomState room = rooms.find(name);
            if (room != null) {
                room.setAware(client, permissions.mayStillSeeMembers(client), toWrite);
            }
        }
        services.writers().write(toWrite);
    }

    /** Has the client told before its identity expires, and closed when it has. */
    private void watchExpiry(LocalClient client) {
        Identity identity = client.identity();
        client.expiry.set(
                identity.until() == null
                        ? null
                        : () -> services.scheduler()
                                .schedule(
                                        "token expiry notice",
                                        remaining(identity).minus(config.expiryNotice()),
                                        () -> expiring(client, identity)));
    }

    private static Duration remaining(Identity identity) {
        return Duration.between(Instant.now(), identity.until());
    }

    private record Expiring(long in) {}

    private void expiring(LocalClient client, Identity identity) {
        if (client.identity() != identity || !client.isConnected()) {
            return;
        }
        Duration remaining = remaining(identity);
        if (remaining.compareTo(config.expiryNotice().plusSeconds(1)) > 0) {
            watchExpiry(client); // the scheduler shortens very long delays
            return;
        }
        client.sendLater(EventEncoder.event("auth-expiring", new Expiring(Math.max(0, remaining.toMillis()))));
        client.expiry.set(() -> services.scheduler().schedule("token expiry", remaining, () -> {
            if (client.identity() == identity) {
                end(client, new Close(CloseCode.TOKEN_EXPIRED, "The token has expired"), LeaveReason.EXPIRED);
            }
        }));
    }

    /**
     * The connection has ended. If it was lost and the client may return, its rooms are told only when it does not. Only the first
     * call has an effect.
     */
    void disconnected(LocalClient client, Close close) {
        disconnected(client, close, isLoss(close) ? LeaveReason.LOST : LeaveReason.LEFT, true);
    }

    private static boolean isLoss(Close close) {
        return switch (close.code()) {
            case CloseCode.ABNORMAL,
                    CloseCode.GOING_AWAY,
                    CloseCode.INTERNAL,
                    CloseCode.RESTART,
                    CloseCode.TRY_AGAIN_LATER,
                    CloseCode.LOST,
                    CloseCode.TOKEN_EXPIRED -> true;
            default -> false;
        };
    }

    /** The client has ended the connection deliberately, and does not return. Only the first call has an effect. */
    void left(LocalClient client, Close close) {
        disconnected(client, close, LeaveReason.LEFT, false);
    }

    /**
     * @param reason if the client was lost, or its token has expired, it may return, if its transport lets it prove its identity
     * @param returns whether it may return also otherwise, if its transport restores rooms: such transports close connections
     *     normally when a page is left for a moment
     */
    private void disconnected(LocalClient client, Close close, LeaveReason reason, boolean returns) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean first = remove(client, reason, returns, toWrite);
        services.writers().write(toWrite);
        if (first && client.isAdmitted()) {
            services.counters().closed().increment(String.valueOf(close.code()));
            LOG.log(System.Logger.Level.DEBUG, () -> client + " disconnected: " + DisconnectLog.printable(close));
            listener.disconnected(client, close);
        }
    }

    /** @return false if it had been removed before; it is removed from its rooms in either case */
    private boolean remove(LocalClient client, LeaveReason reason, boolean returns, List<Outbox> toWrite) {
        client.lifecycleLock().lock();
        try {
            if (!client.disconnect()) {
                return false;
            }
            connections.disconnected(client.remoteAddress());
            connections.userDisconnected(client.identity().name());
            if (client.isAdmitted()) {
                // A client that returns is looked for in the registry first, then in the store.
                boolean lost = reason == LeaveReason.LOST || reason == LeaveReason.EXPIRED;
                boolean kept = keepSession(client, lost, returns);
                boolean shown = kept && lost && !config.grace().isZero();
                if (elsewhere != null) {
                    if (!kept) {
                        elsewhere.forget(client.id(), client.connection().secret());
                    }
                    elsewhere.ended(client.id(), kept);
                }
                registry.remove(client);
                services.counters().sentFrames().add(client.sent().frames());
                services.counters().sentBytes().add(client.sent().bytes());
                Set<String> joined = client.rooms();
                joined.forEach(room -> rooms.leave(client, room, shown, reason, toWrite));
                rooms.leave(client, Rooms.EVERYONE, false, reason, toWrite);
                if (!client.identity().isAnonymous()) {
                    rooms.leave(client, Rooms.user(client.identity().name()), false, reason, toWrite);
                }
                if (shown) {
                    services.scheduler()
                            .schedule("presence grace", config.grace(), () -> rooms.giveUp(client, joined, reason));
                }
            } else if (elsewhere != null) {
                elsewhere.ended(client.id(), false);
            }
            return true;
        } finally {
            client.lifecycleLock().unlock();
        }
    }

    private boolean keepSession(LocalClient client, boolean lost, boolean returns) {
        Connection connection = client.connection();
        boolean restores = connection.restoresRooms();
        Duration age = restores ? config.logAge() : config.grace();
        if (!client.proof().mayReturn() || age.isZero() || !(lost || (restores && returns))) {
            return false;
        }
        Session session = session(client);
        if (!sessions.put(session, age)) {
            return false;
        }
        if (elsewhere != null && restores) {
            elsewhere.lost(session, age);
        }
        return true;
    }

    private static Session session(LocalClient client) {
        Map<String, Member> roomsOfClient =
                new LinkedHashMap<>(client.connection().roomsToRestore());
        roomsOfClient.putAll(client.memberships());
        return new Session(
                client.id(),
                client.connection().secret(),
                client.proof().formerSecret(),
                client.identity().name(),
                roomsOfClient,
                client.connection().positions(),
                Map.copyOf(client.attributes()));
    }

    /** The rooms or positions of a client have changed: it gets these back if it returns, perhaps to another node. */
    void keep(LocalClient client) {
        boolean restores =
                client.connection().restoresRooms() && client.connection().secret() != null;
        if (restores && client.isConnected()) {
            elsewhere.keep(client.id(), client.connection().secret(), () -> session(client));
        }
    }

    /** Ends a client that the server does not want any more, by another thread: closing a socket can take long. */
    void end(LocalClient client, Close close) {
        end(client, close, isLoss(close) ? LeaveReason.LOST : LeaveReason.EXPELLED);
    }

    private void end(LocalClient client, Close close, LeaveReason reason) {
        services.closers().execute(() -> {
            if (client.isConnected()) {
                disconnectLog.closing(client, close);
            }
            disconnected(client, close, reason, false);
            client.connection().close(close.code(), close.reason());
        });
    }

    /** Ends a client that the heartbeat has found. */
    void unhealthy(LocalClient client, Liveness.Health health) {
        if (health == Liveness.Health.TOO_SLOW) {
            services.counters().closedAsTooSlow().increment();
            end(client, new Close(CloseCode.TRY_AGAIN_LATER, "You read too slowly: an event waits too long"));
        } else {
            end(client, new Close(CloseCode.GOING_AWAY, "No answer to a ping"));
        }
    }

    private record Availability(boolean available) {}

    /** Tells the clients of this node whether their events can reach the others. */
    void tellAvailability(boolean available) {
        Frame frame = EventEncoder.event(Protocol.CLUSTER, new Availability(available));
        services.writers().execute("cluster", () -> registry.all().forEach(client -> client.sendLater(frame)));
    }

    /** From now on each client is closed with 1012; also those that come late. */
    void stop() {
        stopping = true;
        registry.all().forEach(client -> client.close(CloseCode.RESTART, RESTARTS));
    }
}
