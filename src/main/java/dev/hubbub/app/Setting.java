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
    PRESENCE_GRACE(
            "hubbub.presence-grace",
            "5000",
            "0 to 600000 milliseconds",
            "How long the members of a room are not told that one of them was lost: who comes back before, and can show that it"
                    + " is the same, keeps its id, and nobody notices. Plain WebSockets cannot show it, and are told of at once."),
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
    COMPRESSION(
            "hubbub.compression",
            "false",
            "true or false",
            "Whether permessage-deflate is agreed on with browsers: in the standalone run, and on Tomcat, TomEE, Payara,"
                    + " GlassFish and Jetty, where an event is compressed once for all who get it. WildFly, if its own"
                    + " setting allows it, compresses each receiver's copy; without hubbub.fast-sending so do Tomcat and Jetty,"
                    + " and Tyrus nothing."),
    COMPRESS_FROM(
            "hubbub.compress-from",
            "256",
            "0 to 16777216 bytes",
            "Shorter events are sent as they are, where an event is compressed once for all."),
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
            "Whose X-Forwarded-For and Forwarded headers are believed. From anybody else they are a lie at will."),
    PAGE_HEADERS(
            "hubbub.page-headers",
            "true",
            "true or false",
            "Whether answers tell browsers to guess no types, to show pages in no frame of another site, and to tell other sites"
                    + " no more than where a link came from. An application with its own such headers switches it off."),
    ANONYMOUS(
            "hubbub.anonymous",
            "true",
            "true or false",
            "Whether clients may connect that do not show who they are. If not, a WebSocket has hubbub.auth-timeout for it, all"
                    + " others get 401."),
    AUTH_TIMEOUT(
            "hubbub.auth-timeout",
            "10000",
            "100 to 600000 milliseconds",
            "Within which a WebSocket that did not show it before sends the event auth."),
    AUTH_NOTICE(
            "hubbub.auth-notice",
            "60000",
            "0 to 3600000 milliseconds",
            "How long before a token ends its client is told so, by auth-expiring."),
    TICKET_AGE(
            "hubbub.ticket-age",
            "30000",
            "1000 to 600000 milliseconds",
            "For how long a ticket of POST /ticket is good for one connection."),
    TOKEN_IN_QUERY(
            "hubbub.token-in-query",
            "false",
            "true or false",
            "Whether a token may stand in the URL, as access_token. URLs end up in logs; a ticket is of no use there."),
    JWT_KEYS(
            "hubbub.jwt-keys",
            "",
            "a file or an https URL; nothing for none",
            "The issuer's public keys, a JSON Web Key Set: for tokens signed by RS256, PS256, ES256 or EdDSA."),
    JWT_SECRET(
            "hubbub.jwt-secret",
            "",
            "at least 32 bytes; nothing for none",
            "Instead of hubbub.jwt-keys, for tokens signed by HS256."),
    JWT_ISSUER("hubbub.jwt-issuer", "", "a claim's value; nothing for any", "Of whom tokens must be: the claim iss."),
    JWT_AUDIENCE(
            "hubbub.jwt-audience",
            "",
            "a claim's value; nothing for any",
            "For whom tokens must be: the claim aud. Without it, a token that was made for another service is taken."),
    JWT_SKEW(
            "hubbub.jwt-skew",
            "30000",
            "0 to 600000 milliseconds",
            "By how much the issuer's clock may differ from this one."),
    JWT_NAME(
            "hubbub.jwt-name",
            "upn, preferred_username, sub",
            "claims, separated by commas",
            "Of which the first that is there names the user."),
    JWT_ROLES(
            "hubbub.jwt-roles",
            "groups, roles, realm_access.roles",
            "claims, separated by commas",
            "Whose values are the user's roles; a dot leads into a claim."),
    ROLES(
            "hubbub.roles",
            "",
            "names, separated by commas",
            "Roles that the container is asked for beside those that handlers and hubbub.room-policies name."),
    JOIN("hubbub.join", "open", "open or policy", "Whether clients may join rooms that no policy names."),
    ROOM_POLICIES(
            "hubbub.room-policies",
            "",
            "rooms with join=, publish=, members= and roles, anyone, user or nobody, separated by semicolons: staff-*"
                    + " join=staff|admin publish=admin; inbox-{user} join=user",
            "Who may join which rooms, speak there and see who is in; what is not said is for anyone. A part {user} is the"
                    + " client's own name."),
    MAX_CONNECTIONS("hubbub.max-connections", "20000", "1 to 10000000 connections", "In all; who comes then gets 503."),
    MAX_CONNECTIONS_PER_ADDRESS(
            "hubbub.max-connections-per-address",
            "1000",
            "1 to 10000000 connections",
            "Of one address, or one network of 64 bits of IPv6; who comes then gets 429."),
    MAX_CONNECTIONS_PER_USER(
            "hubbub.max-connections-per-user", "100", "1 to 10000000 connections", "Of one user who is not anonymous."),
    HANDSHAKES_PER_SECOND(
            "hubbub.handshakes-per-second",
            "50",
            "1 to 1000000 a second",
            "Of one address, after ten times as many at once; who comes too often gets 429."),
    EVENTS_PER_SECOND(
            "hubbub.events-per-second",
            "100",
            "0 to 1000000 a second",
            "Of one client, after hubbub.events-burst at once; more are answered rate-limited. 0 is any number."),
    EVENTS_BURST(
            "hubbub.events-burst",
            "500",
            "1 to 1000000 events",
            "What a client may send at once after a quiet time. If so many are refused before it pauses it is closed with"
                    + " 1008."),
    MAX_ROOMS("hubbub.max-rooms", "100", "1 to 1000000 rooms", "In which one client may be at the same time."),
    MAX_MEMBERS("hubbub.max-members", "100000", "1 to 10000000 clients", "Of one room."),
    MAX_PENDING(
            "hubbub.max-pending",
            "1000",
            "1 to 1000000 events",
            "Acknowledgements that one client owes; and those that handlers owe it, beyond which it is answered overloaded."),
    DRAIN_DELAY(
            "hubbub.drain-delay",
            "0",
            "0 to 600000 milliseconds",
            "How long /health says no, before the first client is sent away: so that a load balancer notices."),
    DRAIN_RATE(
            "hubbub.drain-rate",
            "1000",
            "1 to 1000000 a second",
            "How many clients are sent away a second when Hubbub stops; faster, if hubbub.drain-timeout asks for it."),
    DRAIN_TIMEOUT(
            "hubbub.drain-timeout",
            "5000",
            "0 to 600000 milliseconds",
            "For how long, after the delay, Hubbub sends clients away and lets handlers finish."),
    ADMISSIONS_PER_SECOND(
            "hubbub.admissions-per-second",
            "1000",
            "1 to 1000000 a second",
            "Of all addresses together, after ten times as many at once; who comes then gets 503 and another time to come. It"
                    + " keeps a server alive to which everybody comes back."),
    FIRST_EVENT(
            "hubbub.first-event-timeout",
            "0",
            "0 to 3600000 milliseconds",
            "Within which a WebSocket must send its first event, else it is closed with 1008. 0 is any time: who only listens"
                    + " to what is sent to all needs to say nothing."),
    UNLIMITED_ADDRESSES(
            "hubbub.unlimited-addresses",
            "127.0.0.0/8, ::1",
            "addresses and networks, separated by commas",
            "To which the limits of addresses, users, handshakes and events do not apply. A proxy on this machine that is not"
                    + " one of hubbub.trusted-proxies would else be taken for one client.");

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
