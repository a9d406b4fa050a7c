package dev.hubbub.socketio;

import dev.hubbub.app.Hubbub;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Why a request is refused, with the numbers and words of the reference server. */
enum EngineError {
    UNKNOWN_TRANSPORT("Transport unknown"),
    UNKNOWN_SID("Session ID unknown"),
    BAD_HANDSHAKE_METHOD("Bad handshake method"),
    BAD_REQUEST("Bad request"),
    FORBIDDEN("Forbidden"),
    UNSUPPORTED_PROTOCOL_VERSION("Unsupported protocol version");

    static final String POLLING = "polling";
    static final String WEBSOCKET = "websocket";

    private final String message;

    EngineError(String message) {
        this.message = message;
    }

    String json() {
        return "{\"code\":" + ordinal() + ",\"message\":\"" + message + "\"}";
    }

    /**
     * @param transport by which the request came
     * @param parameter gives a parameter of the query, or null
     * @return null if nothing speaks against it
     */
    static EngineError of(String method, String transport, UnaryOperator<String> parameter) {
        String wanted = parameter.apply("transport");
        if (!POLLING.equals(wanted) && !WEBSOCKET.equals(wanted)) {
            return UNKNOWN_TRANSPORT;
        }
        String sid = parameter.apply("sid");
        if (sid != null && !sid.isEmpty()) {
            EngineSession session = EngineSessions.of(Hubbub.current()).session(sid);
            if (session == null) {
                return UNKNOWN_SID;
            }
            return wanted.equals(transport) && (session.isPolling() || transport.equals(WEBSOCKET))
                    ? null
                    : BAD_REQUEST;
        }
        if (!method.equals("GET")) {
            return BAD_HANDSHAKE_METHOD;
        }
        if (!wanted.equals(transport)) {
            return BAD_REQUEST;
        }
        return "4".equals(parameter.apply("EIO")) ? null : UNSUPPORTED_PROTOCOL_VERSION;
    }

    /** As {@link #of} for the query of a URL, in which none of the parameters needs escapes. */
    static EngineError ofHandshake(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return of("GET", WEBSOCKET, parameters::get);
    }
}
