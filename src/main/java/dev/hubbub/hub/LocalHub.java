package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Group;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Room;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.access.Limits;
import dev.hubbub.access.RoomRules;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The clients and rooms of this server; where there are namespaces, of one of them. */
public final class LocalHub implements Hub {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Bytes that a room remembers, for each event that it may remember: room for long messages, if they are few. */
    private static final long LOGGED_BYTES = 1_024;

    /** All rooms together remember at most this part of the heap. */
    private static final int LOG_SHARE = 8;

    /** Frames that are told together. */
    private static final int MOST_TOGETHER = 64;

    /** The parameter by which who connects says what id it had before, and shows by its secret that it was so. */
    public static final String FORMER = "was";

    /** Rooms that nobody is in and somebody may come back to; who makes more of them at will gains nothing. */
    private static final int MAX_EMPTY_ROOMS = 10_000;

    /** When the hub stops, those who have heard of it may take so long to say so. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private final Config config;
    private final Outbox.Limits outboxes;
    private final ConnectionLimiter census;
    private final EventLog.Limits log;
    private final AtomicInteger emptyRooms = new AtomicInteger();
    private final Counters counters;
    private final Map<String, RoomState> rosters = new ConcurrentHashMap<>();
    private final Everybody everybody;
    private final Absences absences = new Absences();
    private final List<LocalHub> siblings = new CopyOnWriteArrayList<>();
    private final Writers writers;
    private final Heartbeat heartbeat;
    private final ClosingHandshakes goodbyes;
    private final SecureRandom random = new SecureRandom();
    private volatile Departures departures = (client, close) -> {};
    private volatile boolean stopping;

    /**
     * @param maxPayload bytes of the largest frame that clients may send; the hub only tells them
     * @param outboxEvents events that may wait for one client
     * @param outboxBytes bytes that may wait for one client
     * @param outboxAge how long an event may wait for one client, about
     * @param heartbeat between two pings
     * @param patience from an unanswered ping to the end
     * @param logEvents events that each room remembers for those who come back
     * @param logAge how long it remembers them, also while nobody is in
     * @param presence what the members of which room are told of each other
     * @param grace how long the members of its rooms are not told that a client was lost which may come back
     * @param rooms what clients may do in which room
     * @param limits how much clients may do
     * @param expiryNotice how long before an identity ends its client is told
     */
    public record Config(
            int maxPayload,
            int outboxEvents,
            long outboxBytes,
            Duration outboxAge,
            Duration heartbeat,
            Duration patience,
            int logEvents,
            Duration logAge,
            PresenceRules presence,
            Duration grace,
            RoomRules rooms,
            Limits limits,
            Duration expiryNotice,
            Threads threads) {}

    /**
     * @param factory makes the hub's own threads
     * @param writers threads that write broadcasts
     * @param workers runs handlers that may block, if the threads of the transport must not; else null
     */
    public record Threads(ThreadFactory factory, int writers, Executor workers) {}

    /** Told of each client that has gone, once, after its rooms know. */
    @FunctionalInterface
    public interface Departures {
        void gone(LocalClient client, Close close);
    }

    public LocalHub(Config config) {
        this.config = config;
        outboxes = new Outbox.Limits(config.outboxEvents, config.outboxBytes);
        census = new ConnectionLimiter(config.limits);
        AtomicLong logMemory = new AtomicLong(Runtime.getRuntime().maxMemory() / LOG_SHARE);
        log = new EventLog.Limits(config.logEvents, config.logEvents * LOGGED_BYTES, config.logAge, logMemory);
        counters = new Counters();
        writers = new Writers(config.threads);
        heartbeat = new Heartbeat(config.threads.factory);
        goodbyes = new ClosingHandshakes();
        everybody = new Everybody(this, log);
        watchPulses();
    }

    private LocalHub(LocalHub main) {
        config = main.config;
        outboxes = main.outboxes;
        census = main.census;
        log = main.log;
        counters = main.counters;
        writers = main.writers;
        heartbeat = main.heartbeat;
        goodbyes = main.goodbyes;
        everybody = new Everybody(this, log);
        watchPulses();
    }

    /** A hub with clients and rooms of its own on the same threads, for a namespace. It is stopped by the first one's stop. */
    public LocalHub sibling() {
        LocalHub sibling = new LocalHub(this);
        siblings.add(sibling);
        return sibling;
    }

    private void watchPulses() {
        Heartbeat.Times times = new Heartbeat.Times(config.heartbeat, config.patience, config.outboxAge);
        heartbeat.watch(everybody.clients(), times, writers::write);
    }

    void tellAfter(Duration pause, RoomState roster) {
        heartbeat.after(pause, () -> {
            List<Outbox> toWrite = new ArrayList<>();
            roster.tell(toWrite);
            writers.write(toWrite);
        });
    }

    public void onDeparture(Departures listener) {
        departures = listener;
    }

    /** Lets a client in; its first frame is {@code connected}. */
    public LocalClient connect(Connection connection, Handshake handshake) {
        return connect(connection, handshake, newId(), null);
    }

    /** An id that nobody else has, nor can guess. */
    public String newId() {
        byte[] id = new byte[12];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    /** For who connects: the id that it had before, if it shows that and nobody else has come back as it; else a new one. */
    public String idFor(Handshake handshake) {
        String was = handshake.parameter(FORMER).orElse("");
        int dot = was.indexOf('.');
        if (dot < 0) {
            return newId();
        }
        String id = was.substring(0, dot);
        String secret = was.substring(dot + 1);
        String user = handshake.identity().name();
        // Who goes is among the lost before it is no client any more, so it is found in one of them.
        LocalClient former = everybody.find(id);
        if (former == null) {
            former = absences.find(id);
        }
        if (!Absences.isSame(former, secret, handshake.identity().name())) {
            return newId();
        }
        // The client may know before us that its connection is gone; and if we are just letting it go, let us be done
        // with it.
        Connection connection = former.connection();
        Close close = new Close(CloseCode.GOING_AWAY, "You have come back");
        disconnected(former, close);
        writers.close(() -> connection.close(close.code(), close.reason()));
        return absences.end(former) ? id : newId();
    }

    /**
     * Lets a client in that may come back, or does.
     *
     * @param id of {@link #newId}, perhaps that which this client had before and nobody else has now
     * @param seen what it has seen of which epochs, for the events to all; null if it never comes back
     */
    public LocalClient connect(Connection connection, Handshake handshake, String id, Map<String, Long> seen) {
        LocalClient client = prepare(connection, handshake, id);
        admit(client, seen);
        return client;
    }

    /**
     * Somebody who is not let in yet, because it has still to show who it is: nothing is sent to it but answers, it is in no
     * room, and nobody but its transport knows of it.
     */
    public LocalClient prepare(Connection connection, Handshake handshake, String id) {
        LocalClient client = new LocalClient(this, id, handshake, connection);
        census.enter(client.remoteAddress());
        census.identify(client.identity().name());
        return client;
    }

    /**
     * Lets in who was prepared.
     *
     * @param seen as for {@link #connect(Connection, Handshake, String, Map)}
     * @return false if it has gone meanwhile
     */
    public boolean admit(LocalClient client, Map<String, Long> seen) {
        if (!client.admit()) {
            return false;
        }
        List<Outbox> toWrite = new ArrayList<>(1);
        if (seen == null) {
            everybody.enter(client, welcome(client, null), toWrite);
        } else {
            client.comesBack();
            everybody.enter(client, seen, recovered -> welcome(client, recovered), toWrite);
        }
        if (!client.isConnected()) {
            everybody.remove(client); // by another thread, which did not find it there
        }
        writers.write(toWrite);
        client.watchExpiry();
        LOG.log(System.Logger.Level.DEBUG, "{0} connected", client);
        if (stopping) {
            client.close(CloseCode.RESTART, RESTARTS);
        }
        return true;
    }

    /** @param recovered null if the client does not come back */
    private Frame welcome(LocalClient client, Boolean recovered) {
        String secret = client.connection().secret();
        String session = secret == null ? null : client.id() + "." + secret;
        return EventEncoder.event(
                Protocol.CONNECTED,
                new Welcome(client.id(), config.heartbeat.toMillis(), config.maxPayload, session, recovered));
    }

    private record Welcome(String id, long heartbeat, int maxPayload, String session, Boolean recovered) {}

    private static final String RESTARTS = "The server restarts";

    /**
     * The client has gone: out of its rooms and off the hub, but if it was lost and may come back, its rooms are told only when it
     * does not. Only the first call does anything.
     */
    public void disconnected(LocalClient client, Close close) {
        boolean lost = switch (close.code()) {
            case CloseCode.ABNORMAL,
                    CloseCode.GOING_AWAY,
                    CloseCode.INTERNAL,
                    CloseCode.RESTART,
                    CloseCode.TRY_AGAIN_LATER -> true;
            default -> false;
        };
        disconnected(client, close, lost && client.mayReturn() && !config.grace.isZero());
    }

    /** The client has gone because it wanted to. Only the first call does anything. */
    public void left(LocalClient client, Close close) {
        disconnected(client, close, false);
    }

    private void disconnected(LocalClient client, Close close, boolean mayReturn) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean goes = letGo(client, mayReturn, toWrite);
        writers.write(toWrite);
        if (!goes || !client.isAdmitted()) {
            return;
        }
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> client + " disconnected: " + close.code() + " " + printable(close.reason()));
        departures.gone(client, close);
    }

    /** @return false if it had gone before; it is out of its rooms in either case */
    private boolean letGo(LocalClient client, boolean mayReturn, List<Outbox> toWrite) {
        client.going().lock();
        try {
            if (!client.go()) {
                return false;
            }
            census.leave(client.remoteAddress());
            census.forget(client.identity().name());
            if (client.isAdmitted()) {
                boolean awaited = mayReturn && absences.await(client);
                everybody.remove(client);
                Set<String> rooms = client.rooms();
                rooms.forEach(room -> leave(client, room, awaited, toWrite));
                if (awaited) {
                    after(config.grace, () -> giveUp(client, rooms));
                }
            }
            return true;
        } finally {
            client.going().unlock();
        }
    }

    private void giveUp(LocalClient client, Set<String> rooms) {
        absences.end(client);
        List<Outbox> toWrite = new ArrayList<>();
        for (String room : rooms) {
            RoomState roster = rosters.get(room);
            if (roster != null) {
                roster.giveUp(client, toWrite);
            }
        }
        writers.write(toWrite);
    }

    /** Ends a client that the server does not want any more, off this thread: to close can take long. */
    void end(LocalClient client, Connection connection, Close close) {
        // Who leaves by himself is for the curious, who is thrown out for the operator; unless it is everybody.
        boolean hasLeft = close.code() == CloseCode.ABNORMAL;
        if (client.isConnected() && !hasLeft && close.code() != CloseCode.RESTART) {
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "Closing " + client + ": " + close.code() + " " + printable(close.reason()));
        }
        writers.close(() -> {
            disconnected(client, close);
            connection.close(close.code(), close.reason());
        });
    }

    @Override
    public Room room(String name) {
        return new LocalRoom(this, name);
    }

    @Override
    public Group rooms(String... names) {
        return new Selection(this, Set.copyOf(List.of(names)), Set.of());
    }

    @Override
    public Collection<String> roomNames() {
        return rosters.entrySet().stream()
                .filter(room -> !room.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public Optional<Client> client(String id) {
        return Optional.ofNullable(everybody.find(id));
    }

    @Override
    public int size() {
        return everybody.clients().size();
    }

    @Override
    public void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        emit(null, Set.of(), EventEncoder.event(name, data, attachments, delivery));
    }

    @Override
    public Group except(Client... except) {
        return new Selection(this, null, Set.of(except));
    }

    /** @param rooms null means all clients */
    void emit(Set<String> rooms, Set<? extends Client> except, Frame frame) {
        List<Outbox> toWrite = new ArrayList<>();
        if (rooms == null) {
            everybody.emit(frame, except, toWrite);
        } else if (rooms.size() == 1) {
            RoomState roster = rosters.get(rooms.iterator().next());
            if (roster != null) {
                roster.emit(frame, except, toWrite);
            }
        } else {
            emitToUnion(frame, rooms, except, toWrite);
        }
        writers.write(toWrite);
    }

    /**
     * Whether nothing is forgotten that somebody has missed who was in these rooms.
     *
     * @param seen how many events of which epochs, of each room and of those to all
     */
    public boolean remembers(Collection<String> rooms, Map<String, Long> seen) {
        if (!everybody.remembers(seen)) {
            return false;
        }
        return rooms.stream().allMatch(room -> {
            RoomState roster = rosters.get(room);
            return roster != null && roster.glance(seen).missed() != null;
        });
    }

    private void emitToUnion(Frame frame, Set<String> rooms, Set<? extends Client> except, List<Outbox> toWrite) {
        // All locks together, so that the event has one place in the order of each room; taken by name, so that two
        // such events cannot wait for each other.
        List<RoomState> locked = rooms.stream()
                .sorted()
                .map(rosters::get)
                .filter(Objects::nonNull)
                .toList();
        locked.forEach(RoomState::lock);
        try {
            Set<Client> reached = new HashSet<>(except);
            for (RoomState roster : locked) {
                roster.emit(frame, reached, toWrite);
                roster.addMembersTo(reached);
            }
        } finally {
            locked.forEach(RoomState::unlock);
        }
    }

    void join(LocalClient client, String room, String nick, Map<String, Long> since) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean in = false;
        while (!in) {
            RoomState roster = rosters.computeIfAbsent(
                    room, name -> new RoomState(this, name, config.presence.of(name), config.rooms.of(name), log));
            try {
                in = roster.join(client, nick, since, toWrite);
            } finally {
                if (!in && roster.hasEnded()) {
                    rosters.remove(room, roster);
                }
            }
        }
        writers.write(toWrite);
    }

    boolean leave(LocalClient client, String room) {
        List<Outbox> toWrite = new ArrayList<>();
        boolean left = leave(client, room, false, toWrite);
        writers.write(toWrite);
        return left;
    }

    /** @param awaited whether the members are not told of it yet */
    private boolean leave(LocalClient client, String room, boolean awaited, List<Outbox> toWrite) {
        RoomState roster = rosters.get(room);
        if (roster == null || !roster.leave(client, awaited, toWrite)) {
            return false;
        }
        if (roster.hasEnded()) {
            rosters.remove(room, roster);
        }
        return true;
    }

    /** An empty room wants to be kept a while. */
    boolean keepEmptyRoom() {
        if (emptyRooms.incrementAndGet() <= MAX_EMPTY_ROOMS) {
            return true;
        }
        emptyRooms.decrementAndGet();
        return false;
    }

    void releaseEmptyRoom() {
        emptyRooms.decrementAndGet();
    }

    void ended(String room, RoomState roster) {
        rosters.remove(room, roster);
    }

    /**
     * What a reader who is no member has missed of a room, and how far it is now.
     *
     * @param missed null if some of it is gone
     * @param position null if there is no such room
     */
    public record HistoryRead(List<Frame> missed, Position position) {}

    /** Looks into a room from outside. */
    public HistoryRead glance(String room, Map<String, Long> since) {
        RoomState roster = rosters.get(room);
        return roster == null ? new HistoryRead(null, null) : roster.glance(since);
    }

    RoomState roster(String room) {
        return rosters.get(room);
    }

    public Counters counters() {
        return counters;
    }

    Executor workers() {
        return config.threads.workers;
    }

    /** So many frames fit into any outbox that is not behind. */
    int mostTogether() {
        return Math.min(MOST_TOGETHER, outboxes.events() / 2);
    }

    Outbox.Limits outboxLimits() {
        return outboxes;
    }

    Limits limits() {
        return config.limits;
    }

    /** Who is connected, in all namespaces. */
    public ConnectionLimiter census() {
        return census;
    }

    Duration expiryNotice() {
        return config.expiryNotice;
    }

    /** What clients may do in a room, whether or not there is such a one. */
    RoomRules.Right right(String room) {
        RoomState roster = rosters.get(room);
        return roster == null ? config.rooms.of(room) : roster.right();
    }

    /** Whether who comes with this handshake may join a room. */
    public boolean mayJoin(Handshake handshake, String room) {
        return right(room).mayJoin(new LocalClient(this, "", handshake, null));
    }

    /** Has something done on a thread that may be blocked for a while, as by closing a socket. */
    public void doAside(Runnable task) {
        writers.close(task);
    }

    /** Joins a client that comes back, from where it was. */
    public void joinAgain(LocalClient client, String room, String nick, Map<String, Long> seen) {
        join(client, room, nick, seen);
    }

    /** Has something quick done later, by the hub's one timer. */
    public Future<?> after(Duration delay, Runnable task) {
        return heartbeat.after(delay, task);
    }

    /**
     * A connection has been told to end, and will when the other end has answered.
     *
     * @param patience for so long; or until the hub stops
     * @param end makes an end of it then
     */
    public void awaitEnd(CompletableFuture<Void> ended, Duration patience, Runnable end) {
        goodbyes.add(ended, end);
        Future<?> late = after(patience, () -> doAside(end));
        ended.whenComplete((nothing, never) -> late.cancel(false));
    }

    /** Says goodbye with 1012 to everybody and waits for the closing to end, at most this long. */
    public void stop(Duration patience) {
        sayGoodbye();
        siblings.forEach(LocalHub::sayGoodbye);
        writers.stop(patience.toSeconds());
        goodbyes.stop(LAST_ANSWERS);
        heartbeat.stop();
    }

    private void sayGoodbye() {
        stopping = true;
        everybody.clients().forEach(client -> client.close(CloseCode.RESTART, RESTARTS));
    }

    /** How many events wait in the outbox of each client. */
    public Map<Client, Integer> waiting() {
        Map<Client, Integer> waiting = new HashMap<>();
        everybody.clients().forEach(client -> waiting.put(client, client.waiting()));
        return waiting;
    }

    private record Restart(long after) {}

    /** Tells each client by {@code restart} after how many milliseconds to come back, when it is closed: each another time. */
    public void announceRestart(Duration spread) {
        for (LocalClient client : everybody.clients()) {
            long after = ThreadLocalRandom.current().nextLong(spread.toMillis() + 1);
            client.emit("restart", new Restart(after));
        }
    }

    /**
     * Says goodbye to some clients with 1012: those of whose events none is being handled.
     *
     * @param most how many
     * @param all also those who wait for an answer, and without what still waits for them
     * @return how many it were
     */
    public int dismiss(int most, boolean all) {
        int dismissed = 0;
        for (LocalClient client : everybody.clients()) {
            if (dismissed == most) {
                break;
            }
            if (all) {
                client.end(CloseCode.RESTART, RESTARTS);
                dismissed++;
            } else if (client.isConnected() && client.isSettled()) {
                client.close(CloseCode.RESTART, RESTARTS);
                dismissed++;
            }
        }
        return dismissed;
    }

    /** A peer's text for the log: one line, no control characters, no end of the world. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
