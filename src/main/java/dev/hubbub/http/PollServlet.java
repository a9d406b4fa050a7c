package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Positions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                    poll(new Poll(startAsync(request), connection), connection, after, wait);
                } else {
                    Responses.rejectUnknownSession(response);
                }
            } else if (wait == 0) {
                read(request, parameters, response);
            } else {
                open(request, parameters, response);
            }
        } catch (EventException error) {
            Responses.reject(response, error);
        }
    }

    private static AsyncContext startAsync(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        return async;
    }

    private static void open(HttpServletRequest request, QueryParameters parameters, HttpServletResponse response)
            throws IOException {
        List<String> rooms = Requests.rooms(parameters);
        String nick = Requests.nick(parameters);
        int last = Requests.last(parameters);
        String since = Optional.ofNullable(parameters.first("since")).orElse("");
        Hubbub hubbub = Hubbub.current();
        LocalHub hub = hubbub.hub();
        AtomicInteger unestablished = hubbub.transportState(Unestablished.class, key -> new Unestablished()).sessions;
        if (unestablished.get() >= MAX_UNESTABLISHED) {
            throw new EventException(EventException.OVERLOADED, "Too many sessions are being opened");
        }
        Handshake handshake = Requests.admit(request, false);
        boolean policyMayBlock = rooms.stream().anyMatch(hub::policyMayBlock);
        if (!policyMayBlock) {
            Requests.checkRooms(hub, handshake, rooms);
        }
        PollConnection connection = new PollConnection(unestablished);
        Poll poll = new Poll(startAsync(request), connection);
        Runnable connect = () -> {
            String id = hub.idFor(handshake);
            Responses.setStickyCookie(request, response, id);
            LocalClient client = hub.prepare(connection, handshake, id);
            connection.setClient(client);
            hub.admit(client, Positions.parse(since));
            hubbub.dispatcher().connected(client);
            Requests.join(client, rooms, nick, since, last);
            poll(poll, connection, 0, MAX_WAIT_MILLIS);
        };
        if (!policyMayBlock) {
            connect.run();
            return;
        }
        Requests.execute(
                hub,
                () -> {
                    Requests.checkRooms(hub, handshake, rooms);
                    connect.run();
                },
                error -> {
                    poll.reject(error);
                    connection.close(CloseCode.POLICY, error.getMessage());
                });
    }

    private static void poll(Poll poll, PollConnection connection, long after, long waitMillis) {
        connection.poll(poll, after);
        poll.timeOutAfter(Duration.ofMillis(waitMillis), Hubbub.current().hub().services());
    }

    private record RoomPosition(String room, String position, boolean recovered) {}

    private static void read(HttpServletRequest request, QueryParameters parameters, HttpServletResponse response)
            throws IOException {
        Map<String, Long> since = Positions.parse(parameters.first("since"));
        LocalHub hub = Hubbub.current().hub();
        List<String> rooms = Requests.rooms(parameters);
        Handshake handshake = Requests.admit(request, false);
        if (rooms.stream().noneMatch(hub::policyMayBlock)) {
            Requests.checkRooms(hub, handshake, rooms);
            byte[] bytes = read(hub, rooms, since);
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
            return;
        }
        Output output = new Output(startAsync(request), () -> {});
        Requests.execute(
                hub,
                () -> {
                    Requests.checkRooms(hub, handshake, rooms);
                    output.respond(read(hub, rooms, since));
                },
                output::reject);
    }

    private static byte[] read(LocalHub hub, List<String> rooms, Map<String, Long> since) {
        StringBuilder to = new StringBuilder("[");
        for (String room : rooms) {
            Broker.HistoryRead read = hub.read(room, since);
            String position = read.position() == null ? "" : read.position().toString();
            RoomPosition roomPosition = new RoomPosition(room, position, read.events() != null);
            to.append(to.length() > 1 ? ",\n" : "").append(EventEncoder.envelope("position", roomPosition, null));
            for (Broker.StoredEvent event : read.events() == null ? List.<Broker.StoredEvent>of() : read.events()) {
                PollConnection.append(to.append(",\n"), event.event().withPosition());
            }
        }
        return to.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Ends a session: {@code DELETE /events/poll}. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpConnection connection = HttpConnection.find(Hubbub.current().hub(), Requests.session(request));
        if (connection == null) {
            Responses.rejectUnknownSession(response);
            return;
        }
        Hubbub.current().hub().left(connection.client(), new Close(CloseCode.NORMAL, ""));
        connection.close(CloseCode.NORMAL, "");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
