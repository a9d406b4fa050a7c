package dev.hubbub.websocket;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.http.Requests;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Remembers the request for a WebSocket that this thread works on, for what Jakarta WebSocket 2.1 does not tell during a handshake: the
 * address of the client, the host when the origin is checked, and who it was found to be of before. Of the ways to know them
 * this is the one that works on Tomcat, Payara, GlassFish, WildFly, Open Liberty and Jetty; a filter does not run in time on
 * Jetty. Where there are no servlets, who runs the server calls {@link #begin} and {@link #end}.
 */
public final class HandshakeRequestListener implements ServletRequestListener {
    private static final ThreadLocal<HandshakeRequest> CURRENT = new ThreadLocal<>();

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        if (event.getServletRequest() instanceof HttpServletRequest request && Requests.wantsWebSocket(request)) {
            begin(Requests.opening(request));
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        end();
    }

    public static void begin(HandshakeRequest opening) {
        CURRENT.set(opening);
    }

    public static void end() {
        CURRENT.remove();
    }

    /** Null outside of a request for a WebSocket. */
    public static HandshakeRequest current() {
        return CURRENT.get();
    }

    /**
     * As {@link #current}, for the last who asks: the end of a request that was upgraded is told on another thread, or not at
     * all, and what a pool's thread remembers would keep the application from being unloaded.
     */
    static HandshakeRequest take() {
        HandshakeRequest opening = CURRENT.get();
        end();
        return opening;
    }
}
