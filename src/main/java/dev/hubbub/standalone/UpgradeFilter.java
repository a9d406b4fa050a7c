package dev.hubbub.standalone;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.app.RejectedException;
import dev.hubbub.socketio.EngineEndpoint;
import dev.hubbub.socketio.EngineHandshakeConfigurator;
import dev.hubbub.websocket.EventsEndpoint;
import dev.hubbub.websocket.HandshakeRequestListener;
import dev.hubbub.websocket.UpgradeServlet;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.util.Header;

/**
 * Decides which requests are upgraded, before Tyrus sees them, as a servlet listener and a filter do in servlet containers. All
 * others are handled as if they did not ask for an upgrade, as a server may (RFC 9110, section 7.8). Java's HttpClient and others
 * offer HTTP/2 with their first request; Grizzly would treat the body of such a request as the other protocol and never find its
 * end. Nor does it close the connection after a response by Tyrus.
 */
final class UpgradeFilter extends BaseFilter {
    private static final String WEBSOCKET = "websocket";

    @Override
    public NextAction handleEvent(FilterChainContext context, FilterChainEvent event) {
        if (event instanceof HttpEvents.IncomingHttpUpgradeEvent upgrade
                && upgrade.getHttpHeader() instanceof HttpRequestPacket request) {
            String path = endpoint(request);
            if (path == null || !OpeningHandshake.isWanted(values(request, Header.Upgrade.toString()))) {
                ignore(request);
                return context.getInvokeAction();
            }
            if (!Hubbub.isRunning()) { // it has stopped, and the server is about to
                context.getConnection().closeSilently();
                return context.getStopAction();
            }
            try {
                if (path.equals(EngineEndpoint.PATH)
                        && !EngineHandshakeConfigurator.isHandshake(request.getQueryString())) {
                    ignore(request); // the servlet with this path answers with the reason
                    return context.getInvokeAction();
                }
                HandshakeRequestListener.begin(admitted(request, path));
                request.getUpgradeDC().setString(WEBSOCKET); // perhaps of several, which Tyrus rejects
                request.getHeaders().removeHeader(Header.Upgrade);
                request.getHeaders().setValue(Header.Upgrade).setString(WEBSOCKET);
                // Tyrus matches only the bare path, and fails if the query is not one of java.net.URI.
                request.setRequestURI(path);
                request.getQueryStringDC().recycle();
            } catch (RejectedException rejected) {
                reject(request, rejected);
            }
        }
        return context.getInvokeAction();
    }

    /** The path of the endpoint that the request is for, or null. */
    private static String endpoint(HttpRequestPacket request) {
        String path = request.getRequestURI();
        int parameters = path.indexOf(';'); // such as ;jsessionid=
        path = parameters < 0 ? path : path.substring(0, parameters);
        return path.equals(EventsEndpoint.PATH) || path.equals(EngineEndpoint.PATH) ? path : null;
    }

    private static HandshakeRequest admitted(HttpRequestPacket request, String path) {
        String query = request.getQueryString();
        HandshakeRequest handshake = new HandshakeRequest(
                request.getRemoteAddress(),
                request.isSecure(),
                name -> values(request, name),
                query,
                () -> null,
                role -> false);
        OpeningHandshake.check(handshake, request.getMethod().getMethodString(), request.getProtocolString());
        Hubbub.current().admission().checkHost(handshake);
        if (!path.equals(EngineEndpoint.PATH) || !EngineHandshakeConfigurator.hasSession(handshake)) {
            Hubbub.current().admission().admit(handshake, true);
        }
        return handshake;
    }

    private static List<String> values(HttpRequestPacket request, String header) {
        List<String> values = new ArrayList<>(1);
        request.getHeaders().values(header).forEach(values::add);
        return values;
    }

    private static void ignore(HttpRequestPacket request) {
        request.setIgnoreContentModifiers(false);
        request.getUpgradeDC().recycle();
    }

    /** Has {@link UpgradeServlet} answer the request. */
    private static void reject(HttpRequestPacket request, RejectedException rejected) {
        ignore(request);
        request.setAttribute(UpgradeServlet.REJECTION, rejected);
        request.setRequestURI(EventsEndpoint.PATH);
    }
}
