package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.app.RejectedException;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the responses of all HTTP transports have in common: headers and errors. */
public final class Responses {
    /** RFC 6585, section 4. */
    private static final int TOO_MANY_REQUESTS = 429;

    private Responses() {}

    /** Forbids caches to store the response, and proxies to buffer it. */
    public static void disableCaching(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    /**
     * Sets the cookie by which a load balancer routes all requests of a session to the same server, if the setting {@code
     * hubbub.sticky-cookie} gives it a name.
     */
    public static void setStickyCookie(HttpServletRequest request, HttpServletResponse response, String session) {
        Hubbub hubbub = Hubbub.current();
        String name = hubbub.settings().stickyCookie();
        if (!name.isEmpty()) {
            HandshakeRequest asked = Requests.handshakeRequest(request);
            String path = hubbub.admission().path(asked, request.getContextPath());
            // In requests from a page of another site, browsers send only cookies with SameSite=None, which must be
            // Secure.
            String site = hubbub.admission().isSecure(asked) ? "None; Secure" : "Lax";
            response.addHeader("Set-Cookie", name + "=" + session + "; Path=" + path + "/; HttpOnly; SameSite=" + site);
        }
    }

    /**
     * Has the server close the connection after the response. Must be called before a request is rejected whose body has not
     * been read: otherwise a server waits for the body, WildFly with a thread for each request.
     */
    public static void closeAfterResponse(HttpServletRequest request, HttpServletResponse response) {
        if (isHttp1(request)) {
            response.setHeader("Connection", "close");
        }
    }

    /** Tells the client that it must upgrade to WebSocket. */
    public static void setUpgrade(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Sec-WebSocket-Version", "13");
        if (isHttp1(request)) {
            response.setHeader("Upgrade", "websocket");
            response.setHeader("Connection", "Upgrade");
        }
    }

    /** Whether headers about the connection are allowed, which a client may treat as an error in HTTP/2 (RFC 9113, 8.2.2). */
    private static boolean isHttp1(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1.");
    }

    private record ErrorBody(String code, String message) {}

    /** Responds with this status, and the code and the message of the error as JSON. */
    public static void reject(HttpServletResponse response, int status, EventException error) throws IOException {
        byte[] bytes = errorBody(error);
        setErrorHead(response, status);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Responds as another node says: without a body, or with an error as JSON. */
    static void write(HttpServletResponse response, int status, byte[] body) throws IOException {
        if (body.length == 0) {
            response.setStatus(status);
            return;
        }
        setErrorHead(response, status);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Responds with the status of the rejection and the headers that belong to it. */
    public static void reject(HttpServletResponse response, RejectedException rejected) throws IOException {
        if (rejected.retryAfter() > 0) {
            response.setIntHeader("Retry-After", rejected.retryAfter());
        }
        if (rejected.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer"); // RFC 6750, section 3
        }
        if (rejected.status() == OpeningHandshake.UPGRADE_REQUIRED) {
            response.setHeader("Upgrade", "websocket");
            response.setHeader("Sec-WebSocket-Version", "13"); // RFC 6455, section 4.4
        }
        reject(response, rejected.status(), rejected);
    }

    /** Responds with the status that corresponds to the error's code. */
    static void reject(HttpServletResponse response, EventException error) throws IOException {
        if (error instanceof RejectedException rejected) {
            reject(response, rejected);
            return;
        }
        reject(response, status(error), error);
    }

    static void rejectUnknownSession(HttpServletResponse response) throws IOException {
        reject(response, HttpServletResponse.SC_NOT_FOUND, unknownSession());
    }

    static EventException unknownSession() {
        return new EventException("unknown-session", "The session does not exist or has ended");
    }

    /** The body of an error response. */
    static byte[] errorBody(EventException error) {
        return Json.write(new ErrorBody(error.code(), error.getMessage())).getBytes(StandardCharsets.UTF_8);
    }

    /** Sets the status and the headers of an error response. */
    static void setErrorHead(HttpServletResponse response, EventException error) {
        setErrorHead(response, status(error));
    }

    private static void setErrorHead(HttpServletResponse response, int status) {
        disableCaching(response);
        response.setStatus(status);
        response.setContentType("application/json");
    }

    static int status(EventException error) {
        if (error instanceof RejectedException rejected) {
            return rejected.status();
        }
        return switch (error.code()) {
            case EventException.OVERLOADED, EventException.UNAVAILABLE -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case EventException.FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
            case EventException.RATE_LIMITED -> TOO_MANY_REQUESTS;
            case EventException.INTERNAL -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            default -> HttpServletResponse.SC_BAD_REQUEST;
        };
    }
}
