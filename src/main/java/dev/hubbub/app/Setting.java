package dev.hubbub.app;

import java.util.Locale;

/**
 * Every setting. A value is looked for in the system property of this name, the environment variable ({@code
 * hubbub.max-payload} is {@code HUBBUB_MAX_PAYLOAD}), and where the container has values for applications.
 */
public enum Setting {
    MAX_PAYLOAD(
            "hubbub.max-payload",
            "65536",
            "1024 to 16777216 bytes",
            "The largest frame that a client may send, also in parts."),
    MAX_ATTACHMENTS(
            "hubbub.max-attachments",
            "10",
            "0 to 100 attachments",
            "Of one event of a Socket.IO client, whose library itself takes ten."),
    HEARTBEAT(
            "hubbub.heartbeat",
            "25000",
            "100 to 3600000 milliseconds",
            "Between two pings. Proxies cut connections that are silent for 30 to 60 seconds."),
    HEARTBEAT_TIMEOUT(
            "hubbub.heartbeat-timeout",
            "20000",
            "100 to 3600000 milliseconds",
            "From an unanswered ping to the end of the connection."),
    OUTBOX_EVENTS(
            "hubbub.outbox-events",
            "4096",
            "16 to 1000000 events",
            "What may wait for one client that reads slowly, before it is closed with 1013."),
    OUTBOX_BYTES(
            "hubbub.outbox-bytes",
            "1048576",
            "1024 to 1073741824 bytes",
            "As hubbub.outbox-events, by size. An event that waits for many clients is held in memory once."),
    OUTBOX_AGE(
            "hubbub.outbox-age",
            "15000",
            "1000 to 3600000 milliseconds",
            "As hubbub.outbox-events, by the time for which the oldest event waits; it is looked at every second or two."),
    LOG_EVENTS(
            "hubbub.log-events",
            "100",
            "0 to 100000 events",
            "What each room remembers for clients that come back, at most as many KB; all rooms together at most an eighth of"
                    + " the heap."),
    LOG_AGE(
            "hubbub.log-age",
            "120000",
            "1000 to 86400000 milliseconds",
            "For how long a room remembers, also while nobody is in it."),
    PRESENCE_LIMIT(
            "hubbub.presence-limit",
            "200",
            "0 to 1000000 members",
            "Up to so many members of a room, each is told of each who comes and goes; in a larger one all are told how many"
                    + " there are, once a second. The traffic of the former grows with the square of the members."),
    PRESENCE(
            "hubbub.presence",
            "",
            "rooms and auto, full, count or off, separated by commas: lobby=full, ticker-*=off",
            "What the members of these rooms are told of each other, the first that fits: auto as by hubbub.presence-limit,"
                    + " full always who, count only how many, off nothing. A star is any characters."),
    VIRTUAL_THREADS(
            "hubbub.virtual-threads",
            "auto",
            "auto, true or false",
            "Whether handlers that may block run on virtual threads in the standalone run. auto does from JDK 24 on; from 21"
                    + " to 23 a virtual thread that blocks in a synchronized method, as old drivers do, blocks others too."),
    FAST_SENDING(
            "hubbub.fast-sending",
            "true",
            "true or false",
            "Whether frames are joined and written below Jakarta WebSocket, on servers where that is known to work. The other"
                    + " way is that of every container."),
    ALLOWED_ORIGINS(
            "hubbub.allowed-origins",
            "",
            "origins, separated by commas: https://app.example, https://*.example.org; * is any",
            "Pages of which other sites may connect. Those of this host always may; all others get 403."),
    STICKY_COOKIE(
            "hubbub.sticky-cookie",
            "",
            "a cookie's name; nothing for none",
            "Set when a session begins that is more than one request, by Socket.IO's polling, an event stream or long polling:"
                    + " by it a proxy before several servers can tell which one has the session."),
    TRUSTED_PROXIES(
            "hubbub.trusted-proxies",
            "",
            "addresses and networks, separated by commas: 127.0.0.1, 10.0.0.0/8, ::1",
            "Whose X-Forwarded-For and Forwarded headers are believed. From anybody else they are a lie at will.");

    private final String key;
    private final String defaultValue;
    private final String allowed;
    private final String reason;

    Setting(String key, String defaultValue, String allowed, String reason) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.reason = reason;
    }

    public String key() {
        return key;
    }

    /** The environment variable of a key. */
    static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    public String defaultValue() {
        return defaultValue;
    }

    /** Range and unit, for messages and documentation. */
    public String allowed() {
        return allowed;
    }

    public String reason() {
        return reason;
    }

    IllegalArgumentException refuse(String value, Throwable cause) {
        return new IllegalArgumentException(key + " is \"" + value + "\"; allowed are " + allowed, cause);
    }
}
