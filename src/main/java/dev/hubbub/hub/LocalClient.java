package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Member;
import dev.hubbub.Room;
import dev.hubbub.Timer;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.access.Limits;
import dev.hubbub.access.RateLimiter;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A client whose socket is on this server. */
public final class LocalClient implements Client, Outbox.Owner {
    /** The parameter by which a client that connects names its former id, and proves it by the secret behind the dot. */
    public static final String FORMER = "was";

    private final String id;
    private final Handshake handshake;
    private final Connection connection;
    private final ClientEnvironment<LocalClient> environment;
    private final Outbox outbox;
    private final Mailbox mailbox;
    private final Liveness liveness = new Liveness();
    final PendingAcks pendingAcks;
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>(2);
    /** Null if the client may send as much as it likes. */
    private final RateLimiter rateLimiter;

    private final PendingResults pendingResults;
    /** As what it is in each room. Guarded by itself, together with changes of {@link #disconnected}. */
    private final Map<String, Member> rooms = new LinkedHashMap<>(2);

    private final ClientErrors errors = new ClientErrors();

    private final ReentrantLock lifecycleLock = new ReentrantLock();
    private volatile boolean disconnected;
    private volatile boolean admitted;
    /** Changed with the lock of rooms. */
    private volatile Identity identity;

    final Expiry expiry = new Expiry();
    private final Timers timers;
    private final SessionProof proof;
    private volatile boolean tellPositions;
    volatile Tap tap;
    private volatile EventException excess;

    LocalClient(ClientEnvironment<LocalClient> environment, String id, Handshake handshake, Connection connection) {
        this.environment = environment;
        this.id = id;
        this.handshake = handshake;
        this.connection = connection;
        HubServices services = environment.services();
        this.outbox = new Outbox(connection, environment.outboxes(), services.counters(), this);
        this.mailbox = new Mailbox(services.application(), services::callersMayBlock);
        Limits limits = environment.limits().get();
        this.pendingAcks = new PendingAcks(services.scheduler(), services.application(), limits.pending());
        this.rateLimiter = limits.rateLimiter(handshake.remoteAddress(), handshake.forwarded());
        timers = new Timers("client " + id, services.scheduler(), mailbox::addLast, () -> Leases.HERE);
        pendingResults = new PendingResults(limits.pending());
        identity = handshake.identity();
        proof = new SessionProof(id, handshake, connection);
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
     * Replaces the identity.
     *
     * @param replaced told the former identity before anything else can happen to the client
     * @throws EventException {@code forbidden} if the client was authenticated as somebody else, {@code disconnected}
     */
    void identify(Identity now, Consumer<Identity> replaced) {
        synchronized (rooms) {
            if (disconnected) {
                throw new EventException(EventException.DISCONNECTED, "The client has disconnected");
            }
            if (!identity.isAnonymous() && !identity.name().equals(now.name())) {
                throw new EventException(
                        EventException.FORBIDDEN, "You are authenticated as somebody else; connect again");
            }
            replaced.accept(identity);
            identity = now;
        }
    }

    void exceeds(ConnectionLimiter.Rejection limit) {
        excess = limit == null ? null : new EventException(limit.code(), limit.message());
    }

    /** Why the connection must be closed although it was admitted: others were faster. Null if it need not be. */
    public EventException excess() {
        return excess;
    }

    /** Whether it is one of the hub's clients, whose connecting and disconnecting the application is told of. */
    public boolean isAdmitted() {
        return admitted;
    }

    /** @return false if it has disconnected */
    boolean admit() {
        synchronized (rooms) {
            admitted = !disconnected;
            return admitted;
        }
    }

    /** Shows the events that the client sends to an operator; null if nobody looks. */
    public Tap tap() {
        return tap;
    }

    /** Charges the client for one event and says whether it may be handled. */
    public RateLimiter.Decision chargeEvent() {
        proof.confirm();
        RateLimiter.Decision verdict = rateLimiter.check();
        if (verdict != RateLimiter.Decision.ALLOWED) {
            environment.services().counters().rateLimited().increment();
        }
        return verdict;
    }

    public RateLimiter rateLimiter() {
        return rateLimiter;
    }

    /** It has sent something, and so knows its session. */
    public void confirm() {
        proof.confirm();
    }

    /** Whether it has sent anything yet. */
    public boolean hasSpoken() {
        return proof.isConfirmed();
    }

    /** How many events wait for it. */
    public int waiting() {
        return outbox.size();
    }

    /** What its socket has been given. */
    public Outbox.Total sent() {
        return outbox.total();
    }

    /** Whether no event of this client is being handled, and no handler owes it a result. */
    boolean isSettled() {
        return pendingResults.isEmpty() && mailbox.isIdle();
    }

    public PendingResults pendingResults() {
        return pendingResults;
    }

    @Override
    public ConcurrentMap<String, Object> attributes() {
        return attributes;
    }

    @Override
    public Room room(String name) {
        return environment.rooms().room(name, this);
    }

    @Override
    public Set<String> rooms() {
        synchronized (rooms) {
            return Set.copyOf(rooms.keySet());
        }
    }

    /** The rooms in the order in which it joined, and what it is in each; after it has disconnected, as at the end. */
    Map<String, Member> memberships() {
        synchronized (rooms) {
            return new LinkedHashMap<>(rooms);
        }
    }

    @Override
    public boolean isConnected() {
        return !disconnected;
    }

    /** Whether it has disconnected, or is going to when it has been sent what waits for it. */
    public boolean isClosing() {
        return outbox.isClosed();
    }

    @Override
    public void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        Frame frame = EventEncoder.event(name, data, attachments, delivery);
        if (delivery.interval() == null) {
            send(frame);
        } else {
            environment.conflater().send(this, frame, this::send);
        }
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return pendingAcks.ask(timeout, eventId -> {
            send(EventEncoder.eventWithId(name, data, eventId, attachments));
            return !disconnected;
        });
    }

    @Override
    public Timer every(Duration interval, Runnable task) {
        return timers.every(null, interval, task);
    }

    @Override
    public void close(int code, String reason) {
        outbox.endAfterSending(() -> environment.end().accept(this, new Close(code, reason == null ? "" : reason)));
    }

    /** As {@link #close}, but at once: what waits is not sent, even if an earlier close waits for that. */
    void abort(int code, String reason) {
        outbox.end();
        environment.end().accept(this, new Close(code, reason));
    }

    /** Puts a frame for this client alone into its outbox and has it written. */
    public void send(Frame frame) {
        if (outbox.add(frame)) {
            outbox.run();
        }
    }

    /** As {@link #send}, but by a writer and not by the calling thread, which must not write to sockets. */
    void sendLater(Frame frame) {
        if (outbox.add(frame)) {
            environment.services().writers().handOver(List.of(outbox));
        }
    }

    /** The client has answered an event that it was {@linkplain #ask asked}. Returns false if nobody waits for the answer. */
    public boolean answered(Event answer) {
        return pendingAcks.answered(answer);
    }

    /** Answers with an error; closes a client that only causes errors. */
    public void reject(String eventId, EventException problem) {
        boolean tooMany = errors.add(problem, environment.services().counters());
        send(EventEncoder.error(eventId, problem));
        if (tooMany) {
            close(CloseCode.POLICY, "Too many errors");
        }
    }

    /** Its errors; reset when one of its events was handled without an error. */
    public ClientErrors errors() {
        return errors;
    }

    /** Where the client's events wait for their handlers. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** From now on the events of rooms carry their position, because the client wants to be able to return to it. */
    void tellPositions() {
        tellPositions = !connection.tellsPositions();
    }

    /** How it proves its identity when it returns. */
    SessionProof proof() {
        return proof;
    }

    /** The socket side. */
    public Connection connection() {
        return connection;
    }

    /** The client has shown a sign of life. */
    public void heard() {
        liveness.heard();
    }

    /** Puts a frame into the outbox. */
    void add(Frame frame, List<Outbox> toWrite) {
        if (outbox.add(tellPositions ? frame.withPosition() : frame)) {
            toWrite.add(outbox);
        }
    }

    /** Pings the client if it is time for that, and says whether it answers and reads fast enough. */
    Liveness.Health checkHeartbeat(long now, HeartbeatTimes times, List<Outbox> toWrite) {
        return liveness.check(now, times, connection.answersPings(), outbox, toWrite);
    }

    /** Whether a ping waits for its turn. */
    boolean pingDue() {
        return outbox.isPingDue();
    }

    @Override
    public void pingSent() {
        liveness.pingSent();
    }

    @Override
    public void progressed() {
        heard();
    }

    /**
     * Called with the room's lock.
     *
     * @return false if the client has disconnected and joins no more rooms
     */
    boolean joined(String room, Member member) {
        synchronized (rooms) {
            if (!disconnected) {
                rooms.put(room, member);
            }
            return !disconnected;
        }
    }

    /** Called with the room's lock. A client that has disconnected keeps its rooms for those who ask afterwards. */
    void left(String room, String epoch) {
        synchronized (rooms) {
            if (!disconnected) {
                rooms.remove(room);
            }
        }
        connection.leftRoom(epoch);
    }

    /** Held while the client is being removed. A thread that takes it must hold no other lock. */
    ReentrantLock lifecycleLock() {
        return lifecycleLock;
    }

    /** @return false if it had been called before */
    boolean disconnect() {
        synchronized (rooms) {
            if (disconnected) {
                return false;
            }
            disconnected = true;
        }
        expiry.end();
        timers.end();
        outbox.end();
        pendingAcks.end();
        return true;
    }

    @Override
    public void outboxFull() {
        environment.end().accept(this, new Close(CloseCode.TRY_AGAIN_LATER, "You read too slowly: the outbox is full"));
    }

    @Override
    public void outboxFailed(Throwable failure) {
        environment.end().accept(this, new Close(CloseCode.ABNORMAL, "The socket failed: " + failure));
    }

    @Override
    public String toString() {
        return id + " (" + remoteAddress() + ")";
    }
}
