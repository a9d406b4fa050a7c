package dev.hubbub.http;

import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Handshake;
import dev.hubbub.Join;
import dev.hubbub.app.Admission;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.app.RejectedException;
import dev.hubbub.container.Containers;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.protocol.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What the HTTP transports have in common: reading and admitting a request, and joining the rooms that it names. */
public final class Requests {
    /** The header with the session of a request. */
    static final String SESSION = "Hubbub-Session";

    /** The header of an EventSource that reconnects (HTML, section 9.2.4). */
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** The header for the parameter {@code was}: a URL is no place for a secret, and a page can set headers with {@code fetch}. */
    static final String FORMER = "Hubbub-Was";

    private static final int MAX_ROOMS = 100;
    private static final int MAX_LAST = 1_000;

    private Requests() {}

    /** What admission has to know about a request that opens a connection. */
    public static HandshakeRequest handshakeRequest(HttpServletRequest request) {
        return new HandshakeRequest(
                        request.getRemoteAddr(),
                        request.isSecure(),
                        name -> Collections.list(request.getHeaders(name)),
                        request.getQueryString(),
                        request::getUserPrincipal,
                        request::isUserInRole)
                .withSession(() -> request.getSession(false));
    }

    /** Whether the request asks for an upgrade to a WebSocket (RFC 6455, section 4.1), perhaps among others. */
    public static boolean wantsWebSocket(HttpServletRequest request) {
        return OpeningHandshake.isWanted(Collections.list(request.getHeaders("Upgrade")));
    }

    /** Whether only the head of the response is wanted: nobody connects or joins by such a request (RFC 9110, section 9.3.2). */
    static boolean isHead(HttpServletRequest request) {
        return request.getMethod().equals("HEAD");
    }

    /**
     * Admits a request that opens a connection, but not by a ticket.
     *
     * @param mayAuthenticateLater whether the client can still authenticate after the connection is open
     * @throws RejectedException if the request is not admitted
     */
    public static Handshake admit(HttpServletRequest request, boolean mayAuthenticateLater) {
        return admit(request, handshakeRequest(request).refuseTickets(), mayAuthenticateLater);
    }

    /**
     * Admits a request that opens an event stream, also by a ticket, because an EventSource cannot set headers.
     *
     * @throws RejectedException if the request is not admitted
     */
    static Handshake admitStream(HttpServletRequest request) {
        return admit(request, handshakeRequest(request), false);
    }

    private static Handshake admit(
            HttpServletRequest request, HandshakeRequest handshakeRequest, boolean mayAuthenticateLater) {
        Admission admission = Hubbub.current().admission();
        admission.admit(handshakeRequest, mayAuthenticateLater);
        String former = request.getHeader(FORMER);
        if (former != null) {
            handshakeRequest.parameters().all().put(LocalClient.FORMER, List.of(former));
        }
        Map<String, List<String>> headers = headers(request);
        headers.remove(FORMER); // handlers need not see the secret
        return admission.handshake(handshakeRequest, headers, handshakeRequest.identity());
    }

    /** The parameters of the request's query, without those of a form in its body. */
    public static QueryParameters parameters(HttpServletRequest request) {
        return QueryParameters.parse(request.getQueryString());
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return headers;
    }

    /**
     * The rooms that a request names; empty if there are none.
     *
     * @throws EventException {@code invalid-data} if there are too many, or one is not a room name
     */
    static List<String> rooms(QueryParameters parameters) {
        List<String> rooms = parameters.values("room");
        if (rooms.size() > MAX_ROOMS) {
            throw new EventException(EventException.INVALID_DATA, "A request can name at most " + MAX_ROOMS + " rooms");
        }
        rooms.forEach(room -> Hubbub.current().hub().room(room)); // throws if it is not a room name
        return rooms;
    }

    /** Parameters that are no business of a room. */
    private static final Set<String> CREDENTIALS = Set.of("access_token", "ticket", "session");

    /**
     * How a request wants to join its rooms: with {@code nick}, {@code data} (JSON text), and whatever else a policy asks for.
     *
     * @param since the positions that the client has seen
     * @throws EventException {@code too-large} if the nick has more than {@link Protocol#MAX_NICK} characters, {@code
     *     invalid-data} if the data is not JSON or {@code last} is not a number up to 1000
     */
    static Join join(QueryParameters parameters, String since) {
        String nick = parameters.first("nick");
        if (nick != null && nick.length() > Protocol.MAX_NICK) {
            throw new EventException(
                    EventException.TOO_LARGE, "A nick must have at most " + Protocol.MAX_NICK + " characters");
        }
        String data = parameters.first("data");
        Map<String, String> request = new LinkedHashMap<>();
        parameters.all().forEach((name, values) -> {
            if (!CREDENTIALS.contains(name)) {
                request.put(name, values.get(0));
            }
        });
        try {
            return new Join(nick, data == null ? null : Data.parse(data), since, last(parameters), Data.of(request));
        } catch (IllegalArgumentException e) {
            throw new EventException(EventException.INVALID_DATA, "The parameter data must be JSON", e);
        }
    }

    /**
     * How many earlier events a request asks for; 0 if it does not.
     *
     * @throws EventException {@code invalid-data} if it is not a number up to 1000
     */
    static int last(QueryParameters parameters) {
        long last = number(parameters, "last", 0);
        if (last > MAX_LAST) {
            throw new EventException(
                    EventException.INVALID_DATA, "The parameter last must be 0 to " + MAX_LAST + ", not " + last);
        }
        return (int) last;
    }

    /**
     * The positions that the client has reached; empty if it sends none. A browser that reconnects sends them as {@code
     * Last-Event-ID}. Polyfills that avoid a CORS preflight send them as a parameter, beside the URL's own {@code since}, which is
     * older.
     */
    static String since(HttpServletRequest request, QueryParameters parameters) {
        return Stream.of(
                        request.getHeader(LAST_EVENT_ID),
                        parameters.first("lastEventId"),
                        parameters.first(LAST_EVENT_ID),
                        parameters.first("since"))
                .filter(value -> value != null && !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Joins the rooms. For each room that the client cannot join, it receives an error. */
    static void join(LocalClient client, List<String> rooms, Join join) {
        for (String room : rooms) {
            CompletionStage<Void> joining;
            try {
                joining = client.room(room).admit(client, join);
            } catch (EventException error) {
                sendJoinError(client, error);
                continue;
            }
            joining.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    sendJoinError(client, error(failure, "The server failed to join the room"));
                }
            });
        }
    }

    /** The error that a stage has failed with; an internal one with this message if it is none for clients. */
    static EventException error(Throwable failure, String otherwise) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof EventException error
                ? error
                : new EventException(EventException.INTERNAL, otherwise, cause);
    }

    private static void sendJoinError(LocalClient client, EventException error) {
        if (client.isConnected()) {
            client.reject(null, error);
        }
    }

    /** The session that the client got with {@code connected}, from a header or a parameter; null if there is none. */
    static String session(HttpServletRequest request) {
        String header = request.getHeader(SESSION);
        return header == null ? parameters(request).first("session") : header;
    }

    /**
     * A parameter that is a number; a negative number counts as 0.
     *
     * @throws EventException {@code invalid-data} if it is not a number
     */
    static long number(QueryParameters parameters, String name, long defaultValue) {
        String value = parameters.first(name);
        if (value == null || value.isEmpty()) {
            return defaultValue;
        }
        try {
            return Math.max(0, Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw new EventException(EventException.INVALID_DATA, "The parameter " + name + " must be a number", e);
        }
    }

    /** An event's attachments in Base64, for transports that send only text. */
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
        return Containers.omitsFirstCall(stream);
    }
}
