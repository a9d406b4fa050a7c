package dev.hubbub.app;

import dev.hubbub.EventException;
import java.util.Base64;
import java.util.List;

/**
 * What a request must have that opens a WebSocket (RFC 6455, section 4.2.1). Checked before the server upgrades the request,
 * because servers overlook or punish different mistakes.
 */
public final class OpeningHandshake {
    /** RFC 9110, section 15.5.22. */
    public static final int UPGRADE_REQUIRED = 426;

    private static final int BAD_REQUEST = 400;
    private static final String WEBSOCKET = "websocket";
    private static final String VERSION = "13";

    /** Bytes. */
    private static final int KEY_LENGTH = 16;

    private OpeningHandshake() {}

    /** Whether the client offers WebSocket, perhaps among other protocols. @param upgrade the values of the header Upgrade */
    public static boolean isWanted(Iterable<String> upgrade) {
        return hasToken(upgrade, WEBSOCKET);
    }

    /**
     * Checks a request that offers WebSocket.
     *
     * @param protocol such as HTTP/1.1
     * @throws RejectedException if it is not a handshake that the server can accept
     */
    public static void check(HandshakeRequest request, String method, String protocol) {
        if (!method.equals("GET")) {
            throw invalid("A WebSocket is opened with the method GET");
        }
        if (!protocol.equals("HTTP/1.1")) {
            throw invalid("A WebSocket is opened with HTTP/1.1");
        }
        if (!hasToken(request.headers("Connection"), "upgrade")) {
            throw invalid("The header Connection does not contain Upgrade. A proxy may have removed it");
        }
        List<String> keys = request.headers("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.get(0).strip())) {
            throw invalid("The header Sec-WebSocket-Key must have 16 bytes in Base64");
        }
        List<String> versions = request.headers("Sec-WebSocket-Version");
        if (versions.size() != 1 || !versions.get(0).strip().equals(VERSION)) {
            throw new RejectedException(
                    UPGRADE_REQUIRED, EventException.MALFORMED, "The header Sec-WebSocket-Version must be 13", 0);
        }
    }

    private static RejectedException invalid(String message) {
        return new RejectedException(BAD_REQUEST, EventException.MALFORMED, message, 0);
    }

    private static boolean hasToken(Iterable<String> lines, String token) {
        for (String line : lines) {
            for (String value : line.split(",")) {
                if (value.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_LENGTH;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
