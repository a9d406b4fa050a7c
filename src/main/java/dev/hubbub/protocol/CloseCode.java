package dev.hubbub.protocol;

/** Close codes (RFC 6455, section 7.4.1, and its IANA registry). Codes from 4000 are private. */
public final class CloseCode {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    /** A type of frame that the endpoint does not accept. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** The socket was closed without a close frame. This code is never sent. */
    public static final int ABNORMAL = 1006;

    public static final int NOT_UTF8 = 1007;
    /** The origin or the identity was rejected, or the client has sent too many bad events. */
    public static final int POLICY = 1008;

    public static final int TOO_BIG = 1009;
    public static final int INTERNAL = 1011;
    /** The server restarts; the client should reconnect soon. */
    public static final int RESTART = 1012;
    /** The server is overloaded, or the client reads too slowly. */
    public static final int TRY_AGAIN_LATER = 1013;

    /** A client gives up a connection that it considers lost, and is about to reconnect. Browsers cannot send 1006. */
    public static final int LOST = 4000;
    /** The token has expired; the client should reconnect with a new one. */
    public static final int TOKEN_EXPIRED = 4401;

    private CloseCode() {}
}
