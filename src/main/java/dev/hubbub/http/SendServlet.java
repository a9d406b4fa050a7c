package dev.hubbub.http;

import dev.hubbub.Event;
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

/**
 * {@code POST /events/send}: one event of a client that receives events by an event stream or by polling. The body is that of
 * a WebSocket frame; the body of a binary frame has the type {@code application/octet-stream}. Acknowledgements arrive among
 * the events that the client receives.
 */
public final class SendServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        HttpConnection connection = HttpConnection.find(hubbub.hub(), Requests.session(request));
        if (connection == null) {
            Responses.closeAfterResponse(request, response);
            Responses.rejectUnknownSession(response);
            return;
        }
        String type = request.getContentType();
        boolean binary = type != null && type.startsWith("application/octet-stream");
        // Several requests of one client may arrive at once. The client's mailbox runs their events one after
        // another, and no request waits for that.
        Body.read(
                request,
                hubbub.settings().maxPayload(),
                body -> receive(hubbub.dispatcher(), connection.client(), body, binary));
    }

    private static Body.ResponseWriter receive(Dispatcher dispatcher, LocalClient client, byte[] body, boolean binary) {
        Event event;
        try {
            event = binary ? EventDecoder.event(ByteBuffer.wrap(body)) : EventDecoder.event(text(body));
        } catch (MalformedException malformed) {
            dispatcher.invalid(client, malformed.id(), malformed);
            return response -> Responses.reject(response, HttpServletResponse.SC_BAD_REQUEST, malformed);
        }
        dispatcher.event(client, event);
        return response -> response.setStatus(HttpServletResponse.SC_NO_CONTENT); // GlassFish 7 sends 200 instead
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
