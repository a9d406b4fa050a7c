package dev.hubbub.http;

import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.app.Hubbub;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.MalformedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code POST /events/send}: one event of a client that receives events by an event stream or by polling. The body is that of
 * a WebSocket frame; the body of a binary frame has the type {@code application/octet-stream}. Acknowledgements arrive among
 * the events that the client receives.
 *
 * <p>With the header {@code Hubbub-Post}, the events of a session are numbered from 1. A number that has been accepted before is
 * answered again with 204, without handling the event once more; a number that is not the next one is rejected with 409.
 */
public final class SendServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** The header with the number of an event in its session. */
    static final String NUMBER = "Hubbub-Post";

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        String session = Requests.session(request);
        HttpConnection connection = HttpConnection.find(hubbub.hub(), session);
        String node = connection == null ? OtherNodes.of(session) : null;
        if (connection == null && node == null) {
            Responses.closeAfterResponse(request, response);
            Responses.rejectUnknownSession(response);
            return;
        }
        long number = number(request);
        if (number < 0) {
            Responses.closeAfterResponse(request, response);
            Responses.reject(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    new EventException(EventException.MALFORMED, NUMBER + " must be a number from 1"));
            return;
        }
        String type = request.getContentType();
        boolean binary = type != null && type.startsWith("application/octet-stream");
        if (node != null) {
            OtherNodes.post(
                    request,
                    node,
                    ForwardedRequests.SEND,
                    List.of(session, String.valueOf(number), String.valueOf(binary)),
                    OtherNodes::failed,
                    answer -> to -> Responses.write(to, answer.status(), answer.body()));
            return;
        }
        // Several requests of one client may arrive at once. The client's mailbox runs their events one after
        // another, and no request waits for that.
        Body.read(
                request,
                hubbub.settings().maxPayload(),
                body -> respond(receive(hubbub.dispatcher(), connection, number, body, binary)));
    }

    /** The event's number; 0 if it has none, -1 if it is invalid. */
    private static long number(HttpServletRequest request) {
        String number = request.getHeader(NUMBER);
        if (number == null || number.isEmpty()) {
            return 0;
        }
        return number.matches("[1-9][0-9]{0,17}") ? Long.parseLong(number) : -1;
    }

    private static Body.ResponseWriter respond(Rejection rejection) {
        return rejection == null
                ? response -> response.setStatus(HttpServletResponse.SC_NO_CONTENT) // GlassFish 7 sends 200 instead
                : response -> Responses.reject(response, rejection.status(), rejection.error());
    }

    /** Why an event is not accepted. */
    record Rejection(int status, EventException error) {}

    /** @return null if the event is accepted */
    static Rejection receive(
            Dispatcher dispatcher, HttpConnection connection, long number, byte[] body, boolean binary) {
        LocalClient client = connection.client();
        Event event;
        try {
            event = binary ? EventDecoder.event(ByteBuffer.wrap(body)) : EventDecoder.event(text(body));
        } catch (MalformedException malformed) {
            dispatcher.invalid(client, malformed.id(), malformed);
            return new Rejection(HttpServletResponse.SC_BAD_REQUEST, malformed);
        }
        // Not before the whole event has arrived: a request that breaks off has not used its number.
        HttpConnection.Turn turn = number == 0 ? HttpConnection.Turn.NEXT : connection.take(number);
        if (turn == HttpConnection.Turn.OUT_OF_ORDER) {
            return new Rejection(
                    HttpServletResponse.SC_CONFLICT,
                    new EventException("out-of-order", "An event before this one has not arrived"));
        }
        if (turn == HttpConnection.Turn.NEXT) {
            dispatcher.event(client, event);
        }
        return null;
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("An event must be UTF-8", null);
        }
    }
}
