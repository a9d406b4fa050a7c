package dev.hubbub.websocket;

import dev.hubbub.Close;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.Settings;
import dev.hubbub.container.MessageReceiver;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.MalformedException;
import dev.hubbub.protocol.Positions;
import dev.hubbub.protocol.PrintableFailure;
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
 * The endpoint of Hubbub's own protocol. The container creates one instance for each connection and calls it from one thread at a
 * time.
 *
 * <p>Messages are received in parts. To deliver whole messages, Tomcat would keep a buffer of the maximum size for each connection
 * (128 KB for messages of 64 KB), and each container reacts differently to a message that is too big.
 */
@ServerEndpoint(
        value = EventsEndpoint.PATH,
        decoders = EventDecoder.class,
        encoders = EventEncoder.class,
        subprotocols = EventsEndpoint.PROTOCOL,
        configurator = HandshakeConfigurator.class)
public class EventsEndpoint {
    public static final String PATH = "/events";

    /**
     * The subprotocol that clients offer besides their token. A client that offers subprotocols must get one of them (RFC 6455,
     * section 4.1).
     */
    static final String PROTOCOL = "hubbub.v1";

    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private Hubbub hubbub;
    private MessageAssembler message;
    private WebSocketConnection connection;
    private LocalClient client;

    @OnOpen
    public void open(Session session, EndpointConfig config) {
        hubbub = Hubbub.current();
        session.setMaxIdleTimeout(-1); // no limit; with 0, Tyrus schedules a task for every message
        message = new MessageAssembler(
                hubbub.settings().maxPayload(),
                !session.getNegotiatedExtensions().isEmpty());
        connection = WebSocketConnection.of(session, hubbub, new Receiver());
        Handshake handshake = HandshakeConfigurator.take(session, config);
        LocalHub hub = hubbub.hub();
        if (handshake.parameter(LocalClient.FORMER).isPresent()) {
            connection.createSecret();
        }
        client = hub.prepare(connection, handshake, hub.recovery().idFor(handshake));
        Settings settings = hubbub.settings();
        if (handshake.identity().isAnonymous() && !settings.authentication().anonymous()) {
            closeUnless(
                    LocalClient::isAdmitted, settings.authentication().timeout(), "You have not authenticated in time");
            return;
        }
        if (!settings.firstEvent().isZero()) {
            closeUnless(LocalClient::hasSpoken, settings.firstEvent(), "You have not sent an event in time");
        }
        if (hub.admit(client, handshake.parameter("since").map(Positions::parse).orElse(null))) {
            hubbub.dispatcher().connected(client);
        }
    }

    private void closeUnless(Predicate<LocalClient> condition, Duration timeout, String reason) {
        LocalClient watched = client;
        HubServices services = hubbub.hub().services();
        services.scheduler().schedule("first event", timeout, () -> {
            if (!condition.test(watched)) {
                services.writers().execute("first event", () -> watched.close(CloseCode.POLICY, reason));
            }
        });
    }

    @OnMessage
    public void text(String part, boolean last) {
        if (message.isTooBig()) { // this is the rest of that message
            message.drop(part.length());
        } else {
            receive(message.add(part, last), EventDecoder::event);
            if (last) {
                connection.received();
            }
        }
    }

    private final class Receiver implements MessageReceiver {
        @Override
        public int maxMessage() {
            return hubbub.settings().maxPayload();
        }

        @Override
        public void tooBig() {
            rejectTooBig();
        }

        @Override
        public void text(String whole) {
            receive(whole, EventDecoder::event);
        }

        @Override
        public void pong() {
            client.heard();
        }
    }

    @OnMessage
    public void binary(ByteBuffer part, boolean last) {
        if (message.isTooBig()) {
            message.drop(part.remaining());
        } else {
            receive(message.add(part, last), EventDecoder::event);
        }
    }

    private <T> void receive(T whole, Function<T, Event> decoder) {
        if (message.isTooBig()) {
            rejectTooBig();
        } else if (whole != null) {
            Event event;
            try {
                event = decoder.apply(whole);
            } catch (MalformedException malformed) {
                hubbub.dispatcher().invalid(client, malformed.id(), malformed);
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
            boolean regular = close.code() == CloseCode.NORMAL || close.code() == CloseCode.GOING_AWAY;
            if (regular) {
                hubbub.hub().left(client, close);
            } else { // lost: 1006, or 1011 on Open Liberty
                hubbub.hub().disconnected(client, close);
            }
        }
    }

    /** Called for failures of the socket and by {@link MessageAssembler#drop}; the container closes the connection afterwards. */
    @OnError
    public void error(Throwable failure) {
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> "The connection of " + client + " failed",
                PrintableFailure.of(failure));
        if (message != null && message.isTooBig()) {
            connection.closeNow(CloseCode.TOO_BIG, limit()); // the container would choose another code
        }
    }

    private void rejectTooBig() {
        hubbub.dispatcher().invalid(client, null, new EventException(EventException.TOO_LARGE, limit()));
        client.close(CloseCode.TOO_BIG, limit());
    }

    private String limit() {
        return "A message must have at most " + hubbub.settings().maxPayload() + " bytes";
    }
}
