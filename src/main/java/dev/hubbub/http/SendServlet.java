package dev.hubbub.http;

import dev.hubbub.Event;
import dev.hubbub.app.Hubbub;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.MalformedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * {@code POST /events/send}: one event of a client that hears by the other requests, as it would be in a frame. Binary
 * frames have the type {@code application/octet-stream}. Acknowledgements come the way that all events come.
 */
public final class SendServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        HttpConnection connection = HttpConnection.find(hubbub.hub(), Requests.session(request));
        if (connection == null || connection.client() == null) {
            Requests.leaveUnread(response);
            Requests.refuseSession(response);
            return;
        }
        String type = request.getContentType();
        boolean binary = type != null && type.startsWith("application/octet-stream");
        Body.read(request, hubbub.settings().maxPayload(), body -> {
            connection.receiving.lock();
            try {
                return receive(hubbub.dispatcher(), connection, body, binary);
            } finally {
                connection.receiving.unlock();
            }
        });
    }

    private static Body.Answer receive(Dispatcher dispatcher, HttpConnection connection, byte[] body, boolean binary) {
        Event event;
        try {
            event = binary ? EventDecoder.event(ByteBuffer.wrap(body)) : EventDecoder.event(text(body));
        } catch (MalformedException malformed) {
            dispatcher.refuse(connection.client(), malformed.id(), malformed);
            return response -> Requests.refuse(response, HttpServletResponse.SC_BAD_REQUEST, malformed);
        }
        dispatcher.event(connection.client(), event);
        return response -> response.setStatus(HttpServletResponse.SC_NO_CONTENT); // GlassFish 7 makes it 200
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
