package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.Position;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /events/sse?room=lobby&room=...&nick=...}: what happens in these rooms, as server-sent events, for {@code new
 * EventSource(url)}. A browser that comes back says by {@code Last-Event-ID} where it was. With {@code frames} as a
 * parameter, the data of each is the whole event as it would be in a WebSocket frame.
 */
public final class EventStreamServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;
    private static final long RETRY_MILLIS = 2_000;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        List<String> rooms;
        String nick;
        Handshake handshake;
        try {
            rooms = Requests.rooms(request);
            nick = Requests.nick(request);
            handshake = Requests.admit(request, false);
            Requests.checkRooms(hubbub.hub(), handshake, rooms);
        } catch (EventException problem) {
            Requests.refuse(response, problem);
            return;
        }
        String since = Optional.ofNullable(request.getHeader("Last-Event-ID"))
                .or(() -> Optional.ofNullable(request.getParameter("since")))
                .orElse("");
        Requests.neverKeep(response);
        response.setContentType("text/event-stream;charset=UTF-8");
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        String id = hubbub.hub().idFor(handshake);
        Requests.stick(request, response, id);
        EventStream stream = new EventStream(RETRY_MILLIS, request.getParameter("frames") != null);
        stream.goesTo(new Output(async, () -> stream.ended(hubbub.hub())));
        LocalClient client = hubbub.hub().connect(stream, handshake, id, Position.parse(since));
        stream.belongsTo(client);
        hubbub.dispatcher().connected(client);
        Requests.join(client, rooms, nick, since);
    }
}
