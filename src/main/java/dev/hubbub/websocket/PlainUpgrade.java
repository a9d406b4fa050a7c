package dev.hubbub.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A request for a WebSocket as every server understands it. Tyrus upgrades none that offers other protocols, too. Tomcat and Tyrus
 * fail, Tyrus after it has sent 101, if the query is not one of {@code java.net.URI}. Hubbub has read the query before.
 */
final class PlainUpgrade extends HttpServletRequestWrapper {
    private static final String UPGRADE = "Upgrade";
    private static final String WEBSOCKET = "websocket";

    private final boolean plainQuery;

    private PlainUpgrade(HttpServletRequest request, boolean plainQuery) {
        super(request);
        this.plainQuery = plainQuery;
    }

    /** The request itself if it needs no help. */
    static HttpServletRequest of(HttpServletRequest request) {
        boolean plainQuery = isPlain(request.getQueryString());
        return plainQuery && WEBSOCKET.equalsIgnoreCase(request.getHeader(UPGRADE))
                ? request
                : new PlainUpgrade(request, plainQuery);
    }

    private static boolean isPlain(String query) {
        if (query == null) {
            return true;
        }
        try {
            new URI("/?" + query);
            return true;
        } catch (URISyntaxException invalid) {
            return false;
        }
    }

    @Override
    public String getQueryString() {
        return plainQuery ? super.getQueryString() : null;
    }

    @Override
    public String getHeader(String name) {
        return UPGRADE.equalsIgnoreCase(name) ? WEBSOCKET : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return UPGRADE.equalsIgnoreCase(name) ? Collections.enumeration(List.of(WEBSOCKET)) : super.getHeaders(name);
    }
}
