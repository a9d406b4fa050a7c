package dev.hubbub.websocket;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.MalformedException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.nio.ByteBuffer;

/**
 * Where browsers connect. The container makes one instance for each connection and calls it from one thread at a time.
 */
@ServerEndpoint(
        value = "/events",
        decoders = ReceivedDecoder.class,
        encoders = EventEncoder.class,
        configurator = Handshakes.class)
public class EventsEndpoint {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private Hubbub hubbub;
    private SessionConnection connection;
    private LocalClient client;

    @OnOpen
    public void open(Session session, EndpointConfig config) {
        hubbub = Hubbub.current();
        int maxPayload = hubbub.settings().maxPayload();
        // Containers differ from 8 KB (Tomcat) to 2 GB (Payara) here, and Jetty ends idle sessions after 30 seconds.
        session.setMaxTextMessageBufferSize(maxPayload);
        session.setMaxBinaryMessageBufferSize(maxPayload);
        session.setMaxIdleTimeout(0);
        connection = SessionConnection.of(session);
        client = hubbub.hub().connect(connection, Handshakes.take(session, config));
        hubbub.dispatcher().connected(client);
    }

    @OnMessage
    public void text(Received received) {
        if (received.length() > hubbub.settings().maxPayload()) {
            tooBig();
        } else if (received.problem() != null) {
            hubbub.dispatcher().refuse(client, received.problem().id(), received.problem());
        } else {
            hubbub.dispatcher().event(client, received.event());
        }
    }

    @OnMessage
    public void binary(ByteBuffer frame) {
        if (frame.remaining() > hubbub.settings().maxPayload()) {
            tooBig();
            return;
        }
        try {
            // A copy: the container may use its buffer again while the event still waits in outboxes.
            ByteBuffer own = ByteBuffer.allocate(frame.remaining()).put(frame).flip();
            hubbub.dispatcher().event(client, EventDecoder.event(own));
        } catch (MalformedException malformed) {
            hubbub.dispatcher().refuse(client, malformed.id(), malformed);
        }
    }

    @OnMessage
    public void pong(PongMessage pong) {
        client.heard();
    }

    @OnClose
    public void close(CloseReason reason) {
        if (client != null) {
            connection.closed();
            String phrase = reason.getReasonPhrase();
            hubbub.hub().disconnected(client, new Close(reason.getCloseCode().getCode(), phrase == null ? "" : phrase));
        }
    }

    /** Only failures of the socket come here, and what follows on them is the closing; handlers never throw. */
    @OnError
    public void error(Throwable failure) {
        LOG.log(System.Logger.Level.DEBUG, () -> "Connection of " + client, failure);
    }

    private void tooBig() {
        String limit = "A frame has at most " + hubbub.settings().maxPayload() + " bytes";
        hubbub.dispatcher().refuse(client, null, new EventException(EventException.TOO_LARGE, limit));
        client.close(CloseCode.TOO_BIG, limit);
    }
}
