package dev.hubbub.socketio;

import dev.hubbub.app.Hubbub;
import dev.hubbub.app.QueryParameters;
import java.util.function.UnaryOperator;

/** Why a request is rejected, with the codes and messages of the reference server (Engine.IO protocol 4). */
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
     * Checks a request.
     *
     * @param transport the transport by which the request was sent
     * @param parameter returns a parameter of the query, or null
     * @return null if the request is valid
     */
    static EngineError of(String method, String transport, UnaryOperator<String> parameter) {
        String requested = parameter.apply("transport");
        if (!POLLING.equals(requested) && !WEBSOCKET.equals(requested)) {
            return UNKNOWN_TRANSPORT;
        }
        String sid = parameter.apply("sid");
        if (sid != null && !sid.isEmpty()) {
            EngineSession session = EngineSessions.of(Hubbub.current()).session(sid);
            if (session == null) {
                return UNKNOWN_SID;
            }
            return requested.equals(transport) && (session.transport().isPolling() || transport.equals(WEBSOCKET))
                    ? null
                    : BAD_REQUEST;
        }
        if (!method.equals("GET")) {
            return BAD_HANDSHAKE_METHOD;
        }
        if (!requested.equals(transport)) {
            return BAD_REQUEST;
        }
        return "4".equals(parameter.apply("EIO")) ? null : UNSUPPORTED_PROTOCOL_VERSION;
    }

    /** As {@link #of}, for a WebSocket handshake with this query. */
    static EngineError ofHandshake(String query) {
        return of("GET", WEBSOCKET, QueryParameters.parse(query)::first);
    }
}
