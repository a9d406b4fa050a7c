package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.access.ConnectionLimiter;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Positions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code GET /events/poll}: events as a JSON array.
 *
 * <ul>
 *   <li>{@code ?room=lobby&since=...} opens a session, which joins the rooms. The event {@code connected} has its token.
 *   <li>{@code ?after=n} with that token waits for the events after the n-th, at most {@code wait} milliseconds.
 *   <li>{@code ?room=lobby&since=...&wait=0} reads the events of the rooms without joining them.
 * </ul>
 */
public final class PollServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** The default interval between two heartbeats. Proxies cut requests that are silent for 30 to 60 seconds. */
    private static final long MAX_WAIT_MILLIS = 25_000;

    /** Sessions whose clients have not polled a second time. The heartbeat ends those that never do. */
    private static final int MAX_UNESTABLISHED = 10_000;

    /** How much longer the session's node may take to answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private static final class Unestablished {
        final AtomicInteger sessions = new AtomicInteger();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            String session = Requests.session(request);
            QueryParameters parameters = Requests.parameters(request);
            long wait = Math.min(Requests.number(parameters, "wait", MAX_WAIT_MILLIS), MAX_WAIT_MILLIS);
            Responses.disableCaching(response);
            response.setContentType("application/json");
            if (session != null) {
                long after = Requests.number(parameters, "after", 0);
                if (HttpConnection.find(Hubbub.current().hub(), session) instanceof PollConnection connection) {
                    if (!Requests.isHead(request)) {
                        poll(new Poll(startAsync(request), connection), connection, after, wait);
                    }
                } else {
                    forward(request, response, session, after, wait);
                }
            } else if (wait == 0) {
                read(request, parameters);
            } else {
                open(request, parameters, response);
            }
        } catch (EventException error) {
            Responses.reject(response, error);
        }
    }

    /** The session is not one of this node. */
    private static void forward(
            HttpServletRequest request, HttpServletResponse response, String session, long after, long wait)
            throws IOException {
        String node = OtherNodes.of(session);
        if (node == null || Requests.isHead(request)) {
            Responses.rejectUnknownSession(response);
            return;
        }
        OtherNodes.respond(
                startAsync(request),
                node,
                ForwardedRequests.poll(session, after, wait),
                Duration.ofMillis(wait).plus(ANSWER_LIMIT),
                PollServlet::failed);
    }

    /** A client that gets no events polls again: nothing is lost, and perhaps it reaches another node. */
    private static OtherNodes.Response failed(Throwable failure) {
        return failure instanceof EventException
                ? OtherNodes.failed(failure)
                : new OtherNodes.Response(HttpServletResponse.SC_OK, "[]".getBytes(StandardCharsets.US_ASCII));
    }

    private static AsyncContext startAsync(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        return async;
    }

    private static void open(HttpServletRequest request, QueryParameters parameters, HttpServletResponse response)
            throws IOException {
        List<String> rooms = Requests.rooms(parameters);
        String since = Requests.since(request, parameters);
        Join join = Requests.join(parameters, since);
        Hubbub hubbub = Hubbub.current();
        ForwardedRequests.serve(hubbub);
        LocalHub hub = hubbub.hub();
        Handshake handshake = Requests.admit(request, false);
        if (Requests.isHead(request)) {
            return;
        }
        PollConnection connection = unestablished(hubbub, handshake);
        Poll poll;
        try {
            poll = new Poll(startAsync(request), connection);
        } catch (IOException | RuntimeException e) {
            connection.close(CloseCode.INTERNAL, "");
            throw e;
        }
        String id = hub.recovery().idFor(handshake);
        Responses.setStickyCookie(request, response, id);
        LocalClient client = hub.prepare(connection, handshake, id);
        connection.setClient(client);
        RoomEntry.enter(client, Positions.parse(since), rooms, join, rejection -> {
            if (rejection == null) {
                Requests.join(client, rooms, join);
                poll(poll, connection, 0, MAX_WAIT_MILLIS);
            } else {
                poll.reject(rejection);
                connection.close(CloseCode.POLICY, rejection.getMessage());
            }
        });
    }

    /**
     * A connection that counts as unestablished.
     *
     * @throws EventException if too many sessions are unestablished, of all addresses or of this one
     */
    private static PollConnection unestablished(Hubbub hubbub, Handshake handshake) {
        AtomicInteger sessions = hubbub.transportState(Unestablished.class, key -> new Unestablished()).sessions;
        if (sessions.get() >= MAX_UNESTABLISHED) {
            throw new EventException(EventException.OVERLOADED, "Too many sessions are being opened");
        }
        ConnectionLimiter limiter = hubbub.hub().connections();
        if (!limiter.unconfirmed(handshake.remoteAddress(), handshake.forwarded())) {
            throw new EventException(
                    EventException.RATE_LIMITED, "Too many sessions of your address were opened and not used");
        }
        sessions.incrementAndGet();
        return new PollConnection(() -> {
            sessions.decrementAndGet();
            limiter.confirmed(handshake.remoteAddress());
        });
    }

    private static void poll(Poll poll, PollConnection connection, long after, long waitMillis) {
        connection.poll(poll, after);
        poll.timeOutAfter(Duration.ofMillis(waitMillis), Hubbub.current().hub().services());
    }

    private record RoomPosition(String room, String position, boolean recovered) {}

    /** The connection of a client that reads rooms without joining them: it is sent nothing. */
    private static final class ReadConnection implements Connection {
        @Override
        public void send(Frame frame, boolean more, Sent sent) {
            sent.sent(null);
        }

        @Override
        public void close(int code, String reason) {}
    }

    /** Reads rooms for a client that connects for as long as the request takes. */
    private static void read(HttpServletRequest request, QueryParameters parameters) throws IOException {
        Map<String, Long> since = Positions.parse(Requests.since(request, parameters));
        Join join = Requests.join(parameters, null);
        LocalHub hub = Hubbub.current().hub();
        List<String> rooms = Requests.rooms(parameters);
        Handshake handshake = Requests.admit(request, false);
        if (Requests.isHead(request)) {
            return;
        }
        Output output = new Output(startAsync(request), () -> {});
        LocalClient client = hub.prepare(new ReadConnection(), handshake, hub.newId());
        RoomEntry.enter(client, null, rooms, join, rejection -> {
            if (rejection != null) {
                output.reject(rejection);
            } else if (client.isClosing()) {
                output.reject(new EventException(EventException.FORBIDDEN, "The server has closed the connection"));
            } else {
                hub.left(client, new Close(CloseCode.NORMAL, ""));
                read(hub, rooms, since, client.identity()).whenComplete((events, failure) -> {
                    if (failure == null) {
                        output.respond(events);
                    } else {
                        output.reject(Requests.error(failure, "The server failed to read the room"));
                    }
                });
            }
        });
    }

    private static CompletionStage<byte[]> read(
            LocalHub hub, List<String> rooms, Map<String, Long> since, Identity reader) {
        StringBuilder to = new StringBuilder("[");
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (String room : rooms) {
            all = all.thenCompose(previous -> hub.recovery().read(room, since, reader))
                    .thenAccept(read -> append(to, room, read));
        }
        return all.thenApply(read -> to.append(']').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void append(StringBuilder to, String room, Broker.HistoryRead read) {
        String position = read.position() == null ? "" : read.position().toString();
        RoomPosition roomPosition = new RoomPosition(room, position, read.events() != null);
        to.append(to.length() > 1 ? ",\n" : "").append(EventEncoder.envelope("position", roomPosition, null));
        for (Broker.StoredEvent event : read.events() == null ? List.<Broker.StoredEvent>of() : read.events()) {
            PollConnection.append(to.append(",\n"), event.event().withPosition());
        }
    }

    /** Ends a session: {@code DELETE /events/poll}. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String session = Requests.session(request);
        HttpConnection connection = HttpConnection.find(Hubbub.current().hub(), session);
        String node = connection == null ? OtherNodes.of(session) : null;
        if (node != null) {
            OtherNodes.respond(
                    startAsync(request), node, ForwardedRequests.end(session), ANSWER_LIMIT, OtherNodes::failed);
        } else if (connection == null) {
            Responses.rejectUnknownSession(response);
        } else {
            end(Hubbub.current().hub(), connection);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /** Ends a session as its client wishes. */
    static void end(LocalHub hub, HttpConnection connection) {
        hub.left(connection.client(), new Close(CloseCode.NORMAL, ""));
        connection.close(CloseCode.NORMAL, "");
    }
}
