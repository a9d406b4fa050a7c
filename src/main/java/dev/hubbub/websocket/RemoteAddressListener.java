package dev.hubbub.websocket;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;

/**
 * Remembers the address of the request that this thread works on. Of the ways to know it during a handshake this is the
 * one that works on Tomcat, Payara, GlassFish, WildFly, Open Liberty and Jetty; a filter does not run in time on Jetty.
 */
public final class RemoteAddressListener implements ServletRequestListener {
    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        CURRENT.set(event.getServletRequest().getRemoteAddr());
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        CURRENT.remove();
    }

    static String current() {
        return CURRENT.get();
    }
}
