package dev.hubbub.websocket;

import dev.hubbub.Close;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.MalformedException;
import dev.hubbub.protocol.Position;
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
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where browsers connect. The container makes one instance for each connection and calls it from one thread at a time.
 *
 * <p>Messages are taken in parts: to deliver them whole, Tomcat keeps a buffer of the largest allowed for each connection
 * (128 KB for 64 KB), and each container has its own answer to what is too big.
 */
@ServerEndpoint(
        value = EventsEndpoint.PATH,
        decoders = EventDecoder.class,
        encoders = EventEncoder.class,
        subprotocols = EventsEndpoint.PROTOCOL,
        configurator = HandshakeConfigurator.class)
public class EventsEndpoint {
    public static final String PATH = "/events";

    /** Offered by clients that also offer a token; who offers a subprotocol must get one of them (RFC 6455, section 4.1). */
    static final String PROTOCOL = "hubbub.v1";

    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private Hubbub hubbub;
    private MessageAssembler message;
    private SessionConnection connection;
    private LocalClient client;

    @OnOpen
    public void open(Session session, EndpointConfig config) {
        hubbub = Hubbub.current();
        session.setMaxIdleTimeout(-1); // no limit; with 0, Tyrus schedules a task for every message
        message = new MessageAssembler(hubbub.settings().maxPayload());
        connection = SessionConnection.of(session, hubbub);
        Handshake handshake = HandshakeConfigurator.take(session, config);
        LocalHub hub = hubbub.hub();
        if (handshake.parameter(LocalHub.FORMER).isPresent()) {
            connection.promiseReturn();
        }
        client = hub.prepare(connection, handshake, hub.idFor(handshake));
        Settings settings = hubbub.settings();
        if (handshake.identity().isAnonymous() && !settings.identification().anonymous()) {
            closeUnless(LocalClient::isAdmitted, settings.identification().timeout(), "You do not say who you are");
            return;
        }
        if (!settings.firstEvent().isZero()) {
            closeUnless(LocalClient::hasSpoken, settings.firstEvent(), "You do not say anything");
        }
        if (hub.admit(client, handshake.parameter("since").map(Position::parse).orElse(null))) {
            hubbub.dispatcher().connected(client);
        }
    }

    private void closeUnless(Predicate<LocalClient> good, Duration patience, String reason) {
        LocalClient watched = client;
        hubbub.hub().after(patience, () -> {
            if (!good.test(watched)) {
                watched.close(CloseCode.POLICY, reason);
            }
        });
    }

    @OnMessage
    public void text(String part, boolean last) {
        if (!message.isTooBig()) { // else this is the rest of it
            receive(message.add(part, last), EventDecoder::event);
        }
    }

    @OnMessage
    public void binary(ByteBuffer part, boolean last) {
        if (!message.isTooBig()) {
            receive(message.add(part, last), EventDecoder::event);
        }
    }

    private <T> void receive(T whole, Function<T, Event> decoder) {
        if (message.isTooBig()) {
            tooBig();
        } else if (whole != null) {
            Event event;
            try {
                event = decoder.apply(whole);
            } catch (MalformedException malformed) {
                hubbub.dispatcher().refuse(client, malformed.id(), malformed);
                return;
            }
            hubbub.dispatcher().event(client, event);
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
            Close close = new Close(reason.getCloseCode().getCode(), phrase == null ? "" : phrase);
            boolean goodbye = close.code() == CloseCode.NORMAL || close.code() == CloseCode.GOING_AWAY;
            if (goodbye) {
                hubbub.hub().left(client, close);
            } else { // 1006, or 1011 on Open Liberty
                hubbub.hub().disconnected(client, close);
            }
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
