package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Room;
import dev.hubbub.access.RateLimiter;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** A client whose socket is on this server. */
public final class LocalClient implements Client, Outbox.Owner {
    private final LocalHub hub;
    private final String id;
    private final Handshake handshake;
    private final Connection connection;
    private final Outbox outbox;
    private final Mailbox mailbox;
    private final PendingAcks asked;
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>(2);

    /** Null if it may send as much as it likes. */
    private final RateLimiter allowance;

    /** Results of handlers that are not there yet. */
    private final AtomicInteger owed = new AtomicInteger();

    /** With the nick in each, null for none. Guarded by itself, together with the change of {@link #gone}. */
    private final Map<String, String> rooms = new LinkedHashMap<>(2);

    /** Counted about right is right enough: answers may come from several threads. */
    private volatile int errorsInARow;

    private final ReentrantLock going = new ReentrantLock();
    private volatile boolean gone;
    private volatile boolean admitted;
    /** Changed with the lock of rooms. */
    private volatile Identity identity;
    /** What is to be done when the identity ends. Guarded by rooms. */
    private Future<?> expiry;

    private volatile boolean spoken;
    private volatile boolean tellPositions;
    private volatile boolean comesBack;
    private volatile long heardAt;
    private volatile long pingedAt;

    LocalClient(LocalHub hub, String id, Handshake handshake, Connection connection) {
        this.hub = hub;
        this.id = id;
        this.handshake = handshake;
        this.connection = connection;
        this.outbox = new Outbox(connection, hub.outboxLimits(), hub.counters(), this);
        this.mailbox = new Mailbox(hub.workers());
        this.asked = new PendingAcks(hub::after, hub.limits().pending());
        this.allowance = hub.limits().allowance(handshake.remoteAddress());
        identity = handshake.identity();
        heardAt = System.nanoTime();
        pingedAt = heardAt;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Handshake handshake() {
        return handshake;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * From now on it is taken for this; rooms in which it may not be as such it has to leave.
     *
     * @throws EventException {@code forbidden} if it was somebody else before, {@code disconnected}
     */
    public void identify(Identity now) {
        synchronized (rooms) {
            if (gone) {
                throw new EventException(EventException.DISCONNECTED, "The client has gone");
            }
            if (!identity.isAnonymous() && !identity.name().equals(now.name())) {
                throw new EventException(EventException.FORBIDDEN, "You cannot become somebody else; connect again");
            }
            hub.census().forget(identity.name());
            hub.census().identify(now.name());
            identity = now;
            if (admitted) {
                watchExpiry();
            }
        }
        for (String room : rooms()) {
            if (!hub.right(room).mayJoin(this) && hub.leave(this, room)) {
                emit(Protocol.LEFT, new Expelled(room, id, EventException.FORBIDDEN));
            }
        }
    }

    private record Expelled(String room, String id, String reason) {}

    /** From now on tells the client when its identity is about to end; after {@code connected}, which comes first. */
    void watchExpiry() {
        synchronized (rooms) {
            if (expiry != null) {
                expiry.cancel(false);
            }
            Identity now = identity;
            expiry = now.until() == null || gone
                    ? null
                    : hub.after(left(now).minus(hub.expiryNotice()), () -> hub.doAside(() -> expiring(now)));
        }
    }

    private static Duration left(Identity identity) {
        return Duration.between(Instant.now(), identity.until());
    }

    private record Expiring(long in) {}

    private void expiring(Identity ending) {
        synchronized (rooms) {
            if (gone || identity != ending) {
                return;
            }
            expiry = hub.after(left(ending), () -> {
                if (identity == ending) {
                    hub.end(this, connection, new Close(CloseCode.POLICY, "The token has expired"));
                }
            });
        }
        emit("auth-expiring", new Expiring(Math.max(0, left(ending).toMillis())));
    }

    /** Whether it is one of the hub's clients, in which case it is welcomed and bid farewell by the handlers. */
    public boolean isAdmitted() {
        return admitted;
    }

    /** @return false if it has gone */
    boolean admit() {
        synchronized (rooms) {
            admitted = !gone;
            return admitted;
        }
    }

    /** Whether it may send another event now. */
    public RateLimiter.Verdict allowance() {
        spoken = true;
        RateLimiter.Verdict verdict = allowance == null ? RateLimiter.Verdict.TAKEN : allowance.event();
        if (verdict != RateLimiter.Verdict.TAKEN) {
            hub.counters().rateLimited().increment();
        }
        return verdict;
    }

    /** Whether it has sent anything yet. */
    public boolean hasSpoken() {
        return spoken;
    }

    /** How many events wait for it. */
    int waiting() {
        return outbox.size();
    }

    /** Whether no event of it is being handled, and no result is yet to come. */
    boolean isSettled() {
        return owed.get() == 0 && mailbox.isIdle();
    }

    /** So many more results of handlers are yet to come. */
    public void owed(int more) {
        owed.addAndGet(more);
    }

    public boolean isOwedTooMuch() {
        return owed.get() >= hub.limits().pending();
    }

    @Override
    public ConcurrentMap<String, Object> attributes() {
        return attributes;
    }

    @Override
    public Room room(String name) {
        return hub.room(name);
    }

    @Override
    public Set<String> rooms() {
        synchronized (rooms) {
            return Set.copyOf(rooms.keySet());
        }
    }

    /** The rooms in the order in which it came to them, each with its nick there or null; once it has gone, as at the end. */
    public Map<String, String> nicks() {
        synchronized (rooms) {
            return new LinkedHashMap<>(rooms);
        }
    }

    @Override
    public boolean isConnected() {
        return !gone;
    }

    @Override
    public void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        send(EventEncoder.event(name, data, attachments, delivery));
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return asked.ask(timeout, id -> {
            send(EventEncoder.question(name, data, id, attachments));
            return !gone;
        });
    }

    @Override
    public void close(int code, String reason) {
        outbox.endAfterSending(() -> hub.end(this, connection, new Close(code, reason == null ? "" : reason)));
    }

    /** As {@link #close}, but at once: what waits is not sent, also if it was closed before and waits for that. */
    void end(int code, String reason) {
        outbox.end();
        hub.end(this, connection, new Close(code, reason));
    }

    /** Puts a frame for this client alone into its outbox and has it written. */
    public void send(Frame frame) {
        if (outbox.add(frame)) {
            outbox.run();
        }
    }

    /** The client's answer to an event that was {@link #ask asked}. False if nobody waits for it. */
    public boolean answered(Event answer) {
        return asked.answered(answer);
    }

    /** Answers with an error; ends the client that only causes errors. */
    public void refuse(String eventId, EventException problem) {
        send(EventEncoder.error(eventId, problem));
        hub.counters().refused().increment();
        errorsInARow++;
        if (errorsInARow >= Protocol.MAX_ERRORS_IN_A_ROW) {
            close(CloseCode.POLICY, "Too many errors");
        }
    }

    /** An event of this client was handled. */
    public void wellDone() {
        if (errorsInARow != 0) {
            errorsInARow = 0;
        }
    }

    /** Where the client's events wait for their handlers. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** From now on the events of rooms say their position: the client wants to be able to come back to it. */
    void tellPositions() {
        tellPositions = !connection.tellsPositions();
    }

    /** It may want to know what happened after it has gone. */
    void comesBack() {
        comesBack = true;
        tellPositions();
    }

    boolean mayComeBack() {
        return comesBack;
    }

    /** The id that this client had before it came back, or so it says; its own if it does not. */
    String formerId() {
        return handshake
                .parameter(LocalHub.FORMER)
                .map(was -> was.split("\\.", 2)[0])
                .orElse(id);
    }

    /** Whether it can show that it is the same when it comes back after it was lost, and has said that it may want to. */
    boolean mayReturn() {
        return connection.mayReturn()
                || (connection.secret() != null
                        && handshake.parameter(LocalHub.FORMER).isPresent());
    }

    /** The socket side. */
    public Connection connection() {
        return connection;
    }

    /** A sign of life. */
    public void heard() {
        heardAt = System.nanoTime();
    }

    /** Puts a frame into the outbox. */
    void add(Frame frame, List<Outbox> toWrite) {
        if (outbox.add(tellPositions ? frame.withPosition() : frame)) {
            toWrite.add(outbox);
        }
    }

    /**
     * Pings after each interval, unless the last ping is still unanswered; ends the silent, and those whose socket has
     * taken nothing for too long.
     */
    void checkPulse(long now, Heartbeat.Times times, List<Outbox> toWrite) {
        boolean answered = heardAt - pingedAt >= 0;
        if (outbox.isStuck(now, times.outboxAge())) {
            outbox.end();
            hub.counters().closedAsTooSlow().increment();
            hub.end(
                    this,
                    connection,
                    new Close(CloseCode.TRY_AGAIN_LATER, "You read too slowly: an event waits too long"));
        } else if (!answered && now - pingedAt >= times.patience()) {
            hub.end(this, connection, new Close(CloseCode.GOING_AWAY, "No answer to a ping"));
        } else if (answered && now - pingedAt >= times.interval()) {
            pingedAt = now;
            add(Frame.PING, toWrite);
        }
    }

    /**
     * Called with the room's lock.
     *
     * @return false if the client has gone and enters no more rooms
     */
    boolean enter(String room, String nick) {
        synchronized (rooms) {
            if (!gone) {
                rooms.put(room, nick);
            }
            return !gone;
        }
    }

    /** Called with the room's lock. Who has gone keeps its rooms, for those who ask afterwards. */
    void exit(String room) {
        synchronized (rooms) {
            if (!gone) {
                rooms.remove(room);
            }
        }
    }

    /** Held by the hub while it lets go of this client. No other lock may be held by who takes it. */
    ReentrantLock going() {
        return going;
    }

    /** @return false if it had gone before */
    boolean go() {
        synchronized (rooms) {
            if (gone) {
                return false;
            }
            gone = true;
            if (expiry != null) {
                expiry.cancel(false);
            }
        }
        outbox.end();
        asked.end();
        return true;
    }

    @Override
    public void outboxFull() {
        hub.end(this, connection, new Close(CloseCode.TRY_AGAIN_LATER, "You read too slowly: the outbox is full"));
    }

    @Override
    public void outboxFailed(Throwable failure) {
        hub.end(this, connection, new Close(CloseCode.ABNORMAL, "The socket failed: " + failure));
    }

    @Override
    public String toString() {
        return id + " (" + remoteAddress() + ")";
    }
}
