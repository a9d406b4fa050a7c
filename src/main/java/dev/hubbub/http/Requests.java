package dev.hubbub.http;

import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.app.Admission;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the HTTP transports have in common in reading a request and refusing it. */
public final class Requests {
    private static final String SESSION = "Hubbub-Session";
    private static final int MAX_ROOMS = 100;

    private Requests() {}

    /** What is to be known of a request that opens a connection. */
    public static HandshakeRequest opening(HttpServletRequest request) {
        return new HandshakeRequest(
                request.getRemoteAddr(),
                name -> Collections.list(request.getHeaders(name)),
                request.getQueryString(),
                request::getUserPrincipal,
                request::isUserInRole);
    }

    public static boolean wantsWebSocket(HttpServletRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    /**
     * Lets a request in that opens a connection.
     *
     * @param later whether the connection can still show who it is once it is open
     * @throws RejectedException if it may not
     */
    public static Handshake admit(HttpServletRequest request, boolean later) {
        Admission admission = Hubbub.current().admission();
        HandshakeRequest opening = opening(request);
        admission.admit(opening, later);
        return handshake(request, admission.address(opening), opening.identity());
    }

    private static Handshake handshake(HttpServletRequest request, String address, Identity identity) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        Map<String, List<String>> query = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> query.put(name, List.of(values)));
        return new Handshake(address, headers, query, identity);
    }

    /**
     * @throws EventException {@code forbidden} if one of them is not for who comes so
     */
    static void checkRooms(LocalHub hub, Handshake handshake, List<String> rooms) {
        for (String room : rooms) {
            if (!hub.mayJoin(handshake, room)) {
                throw new EventException(EventException.FORBIDDEN, "You may not join this room");
            }
        }
    }

    /**
     * The rooms that a request names.
     *
     * @throws EventException {@code invalid-data}
     */
    static List<String> rooms(HttpServletRequest request) {
        String[] rooms = request.getParameterValues("room");
        if (rooms == null) {
            return List.of();
        }
        if (rooms.length > MAX_ROOMS) {
            throw new EventException(EventException.INVALID_DATA, "At most " + MAX_ROOMS + " rooms at once");
        }
        for (String room : rooms) {
            Hubbub.current().hub().room(room); // refuses what is no name
        }
        return List.of(rooms);
    }

    /** @throws EventException {@code too-large} */
    static String nick(HttpServletRequest request) {
        String nick = request.getParameter("nick");
        if (nick != null && nick.length() > Protocol.MAX_NICK) {
            throw new EventException(
                    EventException.TOO_LARGE, "A nick has at most " + Protocol.MAX_NICK + " characters");
        }
        return nick;
    }

    /** Joins, unless the client has gone meanwhile. */
    static void join(LocalClient client, List<String> rooms, String nick, String since) {
        for (String room : rooms) {
            try {
                client.room(room).admit(client, nick, since);
            } catch (EventException problem) {
                if (client.isConnected()) {
                    client.refuse(null, problem);
                }
            }
        }
    }

    /** Whose request it is, as {@code connected} has told the client: a header, or a parameter; null for nobody's. */
    static String session(HttpServletRequest request) {
        String header = request.getHeader(SESSION);
        return header == null ? query(request, "session") : header;
    }

    /** A parameter of the query; never one of a body, which is for others to read. */
    public static String query(HttpServletRequest request, String name) {
        if (request.getMethod().equals("GET")) {
            return request.getParameter(name);
        }
        String query = request.getQueryString();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    /** @throws EventException {@code invalid-data} */
    static long number(HttpServletRequest request, String name, long otherwise) {
        String value = request.getParameter(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            return Math.max(0, Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw new EventException(EventException.INVALID_DATA, "The parameter " + name + " must be a number", e);
        }
    }

    /** An event's attachments for those who take only text. */
    static List<String> base64(Event event) {
        return event.attachments().stream()
                .map(attachment -> StandardCharsets.ISO_8859_1
                        .decode(Base64.getEncoder().encode(attachment))
                        .toString())
                .toList();
    }

    /**
     * Whether a listener of this stream must ask for itself before it is called: in the standalone run, whose servlets,
     * Grizzly's own, never make the first call that the specification promises (4.0.2).
     */
    static boolean waitsForFirst(Object stream) {
        return stream.getClass().getName().startsWith("org.glassfish.grizzly.servlet.");
    }

    /**
     * Whether a page of the request's origin may ask for this, as with WebSockets; answers if not. A page of another site
     * that may is told so, else its browser would not let it read the answer (Fetch, section 3.3).
     */
    static boolean isAllowed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return true;
        }
        response.addHeader("Vary", "Origin");
        if (!Hubbub.current().admission().allowsOrigin(opening(request))) {
            leaveUnread(response);
            refuse(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    new EventException(EventException.FORBIDDEN, "Pages of this origin may not connect"));
            return false;
        }
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Allow-Credentials", "true");
        return true;
    }

    /** Answers a browser that asks before it lets a page of another site ask (CORS preflight). */
    static void preflight(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isAllowed(request, response)) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
            response.setHeader(
                    "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, " + SESSION);
            response.setHeader("Access-Control-Max-Age", "600");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /** Nothing here is for a cache, nor for a proxy to collect before it passes it on. */
    public static void neverKeep(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    /** Tells a proxy whose session this is, if the operator wants that; the browser sends it back with each request. */
    public static void stick(HttpServletRequest request, HttpServletResponse response, String session) {
        String name = Hubbub.current().settings().stickyCookie();
        if (!name.isEmpty()) {
            // From a page of another site browsers send only such cookies, and only without being overheard.
            String site = request.isSecure() ? "None; Secure" : "Lax";
            response.addHeader(
                    "Set-Cookie",
                    name + "=" + session + "; Path=" + request.getContextPath() + "/; HttpOnly; SameSite=" + site);
        }
    }

    private record Problem(String code, String message) {}

    public static void refuse(HttpServletResponse response, int status, EventException problem) throws IOException {
        byte[] bytes =
                Json.write(new Problem(problem.code(), problem.getMessage())).getBytes(StandardCharsets.UTF_8);
        neverKeep(response);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    public static void refuse(HttpServletResponse response, RejectedException refused) throws IOException {
        if (refused.retryAfter() > 0) {
            response.setIntHeader("Retry-After", refused.retryAfter());
        }
        if (refused.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer"); // RFC 6750, section 3
        }
        refuse(response, refused.status(), refused);
    }

    /**
     * To be said before a request is refused whose body nobody has read: else a server waits for it, as WildFly does, with a
     * thread for each.
     */
    public static void leaveUnread(HttpServletResponse response) {
        response.setHeader("Connection", "close");
    }

    /** With the status that fits best. */
    static void refuse(HttpServletResponse response, EventException problem) throws IOException {
        if (problem instanceof RejectedException refused) {
            refuse(response, refused);
            return;
        }
        int status = switch (problem.code()) {
            case EventException.OVERLOADED -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case EventException.FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
            default -> HttpServletResponse.SC_BAD_REQUEST;
        };
        refuse(response, status, problem);
    }

    static void refuseSession(HttpServletResponse response) throws IOException {
        refuse(
                response,
                HttpServletResponse.SC_NOT_FOUND,
                new EventException("unknown-session", "There is no such session, or it has ended"));
    }
}
