package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import dev.hubbub.protocol.Position;
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
 * {@code GET /events/poll}: what has happened, as a JSON array of events.
 *
 * <ul>
 *   <li>{@code ?room=lobby&since=...} begins a session, which joins the rooms; {@code connected} has its token.
 *   <li>{@code ?after=n} with that token waits for what comes after the n-th event, at most {@code wait} milliseconds.
 *   <li>{@code ?room=lobby&since=...&wait=0} only looks, and joins nothing.
 * </ul>
 */
public final class PollServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** As for a heartbeat: proxies cut requests that are silent for 30 to 60 seconds. */
    private static final long MAX_WAIT_MILLIS = 25_000;

    /** Sessions that have not polled again; the heartbeat ends those that never do. */
    private static final int MAX_UNSETTLED = 10_000;

    private static final class Unsettled {
        final AtomicInteger sessions = new AtomicInteger();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            String session = Requests.session(request);
            long wait = Math.min(Requests.number(request, "wait", MAX_WAIT_MILLIS), MAX_WAIT_MILLIS);
            Requests.neverKeep(response);
            response.setContentType("application/json");
            if (session != null) {
                long after = Requests.number(request, "after", 0);
                if (HttpConnection.find(Hubbub.current().hub(), session) instanceof PollConnection connection) {
                    wait(request, connection, after, wait);
                } else {
                    Requests.refuseSession(response);
                }
            } else if (wait == 0) {
                look(request, response);
            } else {
                begin(request, response);
            }
        } catch (EventException problem) {
            Requests.refuse(response, problem);
        }
    }

    private static void begin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<String> rooms = Requests.rooms(request);
        String nick = Requests.nick(request);
        String since = Optional.ofNullable(request.getParameter("since")).orElse("");
        Hubbub hubbub = Hubbub.current();
        AtomicInteger unsettled = hubbub.door(Unsettled.class, key -> new Unsettled()).sessions;
        if (unsettled.get() >= MAX_UNSETTLED) {
            throw new EventException(EventException.OVERLOADED, "Too many sessions have begun and do not go on");
        }
        Handshake handshake = Requests.admit(request, false);
        Requests.checkRooms(hubbub.hub(), handshake, rooms);
        String id = hubbub.hub().idFor(handshake);
        Requests.stick(request, response, id);
        PollConnection connection = new PollConnection(unsettled);
        LocalClient client = hubbub.hub().connect(connection, handshake, id, Position.parse(since));
        connection.belongsTo(client);
        hubbub.dispatcher().connected(client);
        Requests.join(client, rooms, nick, since);
        wait(request, connection, 0, MAX_WAIT_MILLIS);
    }

    private static void wait(HttpServletRequest request, PollConnection connection, long after, long millis)
            throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        Poll poll = new Poll(async, connection);
        connection.poll(poll, after);
        poll.giveUpAfter(Duration.ofMillis(millis), Hubbub.current().hub());
    }

    private record Place(String room, String position, boolean recovered) {}

    private static void look(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, Long> since = Position.parse(request.getParameter("since"));
        LocalHub hub = Hubbub.current().hub();
        List<String> rooms = Requests.rooms(request);
        Requests.checkRooms(hub, Requests.admit(request, false), rooms);
        StringBuilder to = new StringBuilder("[");
        for (String room : rooms) {
            LocalHub.HistoryRead glance = hub.glance(room, since);
            String position = glance.position() == null ? "" : glance.position().toString();
            Place place = new Place(room, position, glance.missed() != null);
            to.append(to.length() > 1 ? ",\n" : "").append(EventEncoder.envelope("position", place, null));
            for (Frame frame : glance.missed() == null ? List.<Frame>of() : glance.missed()) {
                PollConnection.append(to.append(",\n"), frame.withPosition());
            }
        }
        byte[] bytes = to.append(']').toString().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Ends a session: {@code DELETE /events/poll}. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpConnection connection = HttpConnection.find(Hubbub.current().hub(), Requests.session(request));
        if (connection == null) {
            Requests.refuseSession(response);
            return;
        }
        Hubbub.current().hub().disconnected(connection.client(), new Close(CloseCode.NORMAL, ""));
        connection.close(CloseCode.NORMAL, "");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
