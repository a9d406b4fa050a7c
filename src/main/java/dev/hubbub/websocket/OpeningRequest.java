package dev.hubbub.websocket;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.UnaryOperator;

/**
 * Remembers the request that this thread works on, for what Jakarta WebSocket 2.1 does not tell during a handshake: the
 * address of the client, and the host when the origin is checked. Of the ways to know them this is the one that works on
 * Tomcat, Payara, GlassFish, WildFly, Open Liberty and Jetty; a filter does not run in time on Jetty. Where there are no
 * servlets, who runs the server calls {@link #begin} and {@link #end}.
 */
public final class OpeningRequest implements ServletRequestListener {
    private static final ThreadLocal<Request> CURRENT = new ThreadLocal<>();

    /**
     * @param address of the socket's other end
     * @param header gives the first value of a header, or null
     * @param query as it stands in the URL, or null
     */
    public record Request(String address, UnaryOperator<String> header, String query) {}

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        if (event.getServletRequest() instanceof HttpServletRequest request) {
            begin(request.getRemoteAddr(), request::getHeader, request.getQueryString());
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        end();
    }

    public static void begin(String address, UnaryOperator<String> header, String query) {
        CURRENT.set(new Request(address, header, query));
    }

    public static void end() {
        CURRENT.remove();
    }

    /** Null outside of a request. */
    public static Request current() {
        return CURRENT.get();
    }
}
