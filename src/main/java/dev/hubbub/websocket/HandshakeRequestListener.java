package dev.hubbub.websocket;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.http.Requests;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Keeps the WebSocket handshake request that the current thread handles. It provides what Jakarta WebSocket 2.1 does not during a
 * handshake: the address of the client, the host when the origin is checked, and the identity that admission has determined. This
 * is the way that works on Tomcat, Payara, GlassFish, WildFly, Open Liberty and Jetty; on Jetty, a filter would run too late. A
 * server without servlets calls {@link #begin} and {@link #end} itself.
 */
public final class HandshakeRequestListener implements ServletRequestListener {
    private static final ThreadLocal<HandshakeRequest> CURRENT = new ThreadLocal<>();

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        if (event.getServletRequest() instanceof HttpServletRequest request && Requests.wantsWebSocket(request)) {
            begin(Requests.handshakeRequest(request));
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        end();
    }

    public static void begin(HandshakeRequest handshakeRequest) {
        CURRENT.set(handshakeRequest);
    }

    public static void end() {
        CURRENT.remove();
    }

    /** The request that the current thread handles; null if it is not a WebSocket handshake. */
    public static HandshakeRequest current() {
        return CURRENT.get();
    }

    /**
     * As {@link #current}, and removes the request. Must be called by the last user of the request: containers report the end of
     * an upgraded request on another thread or not at all, and a reference in a pooled thread would prevent the application from
     * being unloaded.
     */
    static HandshakeRequest take() {
        HandshakeRequest handshakeRequest = CURRENT.get();
        end();
        return handshakeRequest;
    }
}
