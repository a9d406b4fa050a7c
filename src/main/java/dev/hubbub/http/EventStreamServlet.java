package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Join;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.Positions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * {@code GET /events/sse?room=lobby&room=...&nick=...}: the events of these rooms as server-sent events, for {@code new
 * EventSource(url)}. A browser that reconnects sends the positions that it has reached as {@code Last-Event-ID}. With the
 * parameter {@code frames}, the data of each message is the whole event, as in a WebSocket frame.
 */
public final class EventStreamServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;
    private static final long RETRY_MILLIS = 2_000;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters parameters = Requests.parameters(request);
        String since = Requests.since(request, parameters);
        List<String> rooms;
        Join join;
        Handshake handshake;
        try {
            rooms = Requests.rooms(parameters);
            join = Requests.join(parameters, since);
            handshake = Requests.admitStream(request);
        } catch (EventException error) {
            Responses.reject(response, error);
            return;
        }
        Responses.disableCaching(response);
        response.setContentType("text/event-stream;charset=UTF-8");
        if (Requests.isHead(request)) {
            return;
        }
        ForwardedRequests.serve(Hubbub.current());
        LocalHub hub = Hubbub.current().hub();
        String id = hub.recovery().idFor(handshake);
        Responses.setStickyCookie(request, response, id);
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        EventStream stream = new EventStream(RETRY_MILLIS, parameters.first("frames") != null, Positions.parse(since));
        Output output = new Output(async, () -> stream.responseEnded(hub));
        stream.setOutput(output);
        LocalClient client = hub.prepare(stream, handshake, id);
        stream.setClient(client);
        RoomEntry.enter(client, Positions.parse(since), rooms, join, rejection -> {
            if (rejection == null) {
                stream.begin();
                Requests.join(client, rooms, join);
            } else {
                output.reject(rejection);
            }
        });
    }
}
