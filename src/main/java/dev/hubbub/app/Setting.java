package dev.hubbub.app;

import java.util.Locale;

/**
 * All settings. {@link Values} reads each from the system property of this name, the environment variable ({@code
 * HUBBUB_MAX_PAYLOAD} for {@code hubbub.max-payload}) or the sources of the container; {@link Settings} checks them.
 */
public enum Setting {
    MAX_PAYLOAD(
            "hubbub.max-payload",
            "65536",
            "1024 to 16777216 bytes",
            "Limits the size of a frame from a client, also if it is sent in fragments."),
    MAX_ATTACHMENTS(
            "hubbub.max-attachments",
            "10",
            "0 to 100 attachments",
            "Limits the attachments of one event from a Socket.IO client. The Socket.IO client library itself"
                    + " accepts ten."),
    HEARTBEAT(
            "hubbub.heartbeat",
            "25000",
            "100 to 3600000 milliseconds",
            "Sets the time between two pings. Proxies close connections that are silent for 30 to 60 seconds."),
    HEARTBEAT_TIMEOUT(
            "hubbub.heartbeat-timeout",
            "20000",
            "100 to 3600000 milliseconds",
            "Sets the time after which a connection that has not answered a ping is closed."),
    OUTBOX_EVENTS(
            "hubbub.outbox-events",
            "4096",
            "16 to 1000000 events",
            "Limits the events that wait in the outbox of one client. A client that reads too slowly and"
                    + " exceeds it is closed with 1013."),
    OUTBOX_BYTES(
            "hubbub.outbox-bytes",
            "1048576",
            "1024 to 1073741824 bytes",
            "Limits the bytes that wait in the outbox of one client, as hubbub.outbox-events limits the"
                    + " events. An event that waits for many clients is held in memory once."),
    OUTBOX_AGE(
            "hubbub.outbox-age",
            "15000",
            "1000 to 3600000 milliseconds",
            "Limits the time that the oldest event waits in the outbox of one client, as"
                    + " hubbub.outbox-events limits the events. It is checked every second or two."),
    LOG_EVENTS(
            "hubbub.log-events",
            "100",
            "0 to 100000 events",
            "Limits the events that each room keeps for clients that reconnect. A room also keeps at most as"
                    + " many KB, and all rooms together at most an eighth of the heap."),
    LOG_AGE(
            "hubbub.log-age",
            "120000",
            "1000 to 86400000 milliseconds",
            "Limits the time that a room keeps its events, also while it has no members."),
    HISTORY(
            "hubbub.history",
            "",
            "the JNDI name of a DataSource (jdbc/hubbub), or a jdbc: URL; empty for none",
            "Stores the events of durable rooms in a database: H2, PostgreSQL, MySQL or MariaDB."),
    HISTORY_CREATE(
            "hubbub.history-create",
            "auto",
            "auto, true or false",
            "Creates the tables of the history if they are missing. auto means true for a URL of H2."),
    HISTORY_ROOMS(
            "hubbub.history-rooms",
            "*",
            "room patterns, separated by commas: lobby, order-*",
            "Names the rooms whose events are stored in the database of hubbub.history. A star matches any"
                    + " characters."),
    HISTORY_AGE(
            "hubbub.history-age",
            "30",
            "0 to 36500 days",
            "Sets how long the database keeps events. Older ones are deleted. 0 keeps them for ever."),
    HISTORY_EVENTS(
            "hubbub.history-events",
            "0",
            "0 to 1000000000000 events",
            "Limits the events that the database keeps for each room. 0 means no limit."),
    PRESENCE_LIMIT(
            "hubbub.presence-limit",
            "200",
            "0 to 1000000 members",
            "Sets the size up to which the members of a room are told of each client that joins or leaves."
                    + " The members of a larger room are told only the number of members, once per second, because the"
                    + " traffic of individual notices grows with the square of the members."),
    PRESENCE(
            "hubbub.presence",
            "",
            "room patterns with auto, full, count or off, separated by commas: lobby=full, ticker-*=off",
            "Sets what the members of these rooms are told of each other; the first pattern that matches"
                    + " decides. auto follows hubbub.presence-limit, full always tells who joins and leaves, count only"
                    + " the number of members, off nothing. A star matches any characters."),
    PRESENCE_GRACE(
            "hubbub.presence-grace",
            "5000",
            "0 to 600000 milliseconds",
            "Delays the notice that a member has lost its connection. A client that reconnects within this"
                    + " time and proves that it is the same keeps its id, and the other members are told nothing. Plain"
                    + " WebSocket clients cannot prove it, so the other members are told at once."),
    CLUSTER(
            "hubbub.cluster",
            "",
            "redis://[user:password@]host[:port][/db], rediss:// for TLS, or redis+sentinel://host:port,host:port/master",
            "Makes this server a node of a cluster: all servers with the same Redis (6.2 or later) or Valkey are one"
                    + " Hubbub."),
    CLUSTER_PREFIX(
            "hubbub.cluster-prefix",
            "hubbub",
            "1 to 64 letters, digits and -_.",
            "Begins the names of all keys and channels in Redis, so that several applications can share one."),
    CLUSTER_SECRET(
            "hubbub.cluster-secret",
            "",
            "at least 32 characters; empty for a random one",
            "Signs the sessions of clients, which return to any node. Without it the nodes share a random secret through"
                    + " Redis."),
    CLUSTER_PATIENCE(
            "hubbub.cluster-patience",
            "5000",
            "100 to 600000 milliseconds",
            "Sets how long events wait for an unreachable Redis before they are answered unavailable."),
    CLUSTER_READINESS(
            "hubbub.cluster-readiness",
            "false",
            "true or false",
            "Makes /health/ready fail while Redis is unreachable. Use it only if the load balancer has somewhere else to"
                    + " send clients: nodes that share a Redis lose it together."),
    VIRTUAL_THREADS(
            "hubbub.virtual-threads",
            "auto",
            "auto, true or false",
            "Runs handlers that may block on virtual threads in the standalone server. auto means true on"
                    + " JDK 24 and later. On JDK 21 to 23, a virtual thread that blocks in a synchronized method, as in"
                    + " old drivers, also blocks others."),
    FAST_SENDING(
            "hubbub.fast-sending",
            "true",
            "true or false",
            "Combines and writes frames below the Jakarta WebSocket API on servers where this is known to"
                    + " work. If false, the API is used on every server."),
    COMPRESSION(
            "hubbub.compression",
            "false",
            "true or false",
            "Negotiates permessage-deflate with browsers in the standalone server and on Tomcat, TomEE,"
                    + " Payara, GlassFish and Jetty, where an event is compressed once for all receivers. WildFly, if"
                    + " its own setting enables it, compresses each receiver's copy. Without hubbub.fast-sending,"
                    + " Tomcat and Jetty also compress each copy, and Tyrus does not compress."),
    COMPRESS_FROM(
            "hubbub.compress-from",
            "256",
            "0 to 16777216 bytes",
            "Sets the size from which events are compressed, where an event is compressed once for all"
                    + " receivers. Shorter events are sent uncompressed."),
    ALLOWED_ORIGINS(
            "hubbub.allowed-origins",
            "",
            "origins, separated by commas: https://app.example, https://*.example.org; * for any",
            "Allows pages of other origins to connect. Pages of the server's own host may always connect;"
                    + " all others are rejected with 403. With *, pages of origins that are not named cannot send"
                    + " cookies by HTTP."),
    HOSTS(
            "hubbub.hosts",
            "",
            "host names without ports, separated by commas: chat.example, *.example.org; * for any",
            "Names the hosts by which clients may address this server. Requests with another Host are rejected"
                    + " with 421, because a page can have its own name resolve to this server (DNS rebinding). On a"
                    + " loopback address, localhost, 127.0.0.1 and [::1] are also accepted. If it is empty, every host is"
                    + " accepted, except that requests to a loopback address which no trusted proxy has forwarded may"
                    + " name only those three."),
    STICKY_COOKIE(
            "hubbub.sticky-cookie",
            "",
            "a cookie's name; empty for none",
            "Sets this cookie when a session of several requests begins: Socket.IO polling, an event stream"
                    + " or long polling. With it, a proxy in front of several servers can send all requests of a"
                    + " session to the same server."),
    TRUSTED_PROXIES(
            "hubbub.trusted-proxies",
            "",
            "addresses and networks, separated by commas: 127.0.0.1, 10.0.0.0/8, ::1",
            "Names the proxies whose headers are trusted: hubbub.forwarded-header, X-Forwarded-Host and"
                    + " X-Forwarded-Proto. These headers are ignored from all other addresses, because any client can"
                    + " forge them."),
    FORWARDED_HEADER(
            "hubbub.forwarded-header",
            "X-Forwarded-For",
            "X-Forwarded-For or Forwarded",
            "Names the header to which the proxies of hubbub.trusted-proxies append the address of the client."
                    + " The other header is not read, because a proxy passes on the one that the client has sent."),
    PAGE_HEADERS(
            "hubbub.page-headers",
            "true",
            "true or false",
            "Adds response headers that make browsers not guess content types, not show pages in frames of"
                    + " other sites, and tell other sites only the origin that a link came from. Set it to false if the"
                    + " application sets such headers itself."),
    HSTS(
            "hubbub.hsts",
            "",
            "seconds, or a value of the header such as max-age=31536000; includeSubDomains; empty for none",
            "Adds the header Strict-Transport-Security to responses over TLS, by which browsers use only TLS for"
                    + " this host as long as it says. Whether a request came over TLS is also known from"
                    + " hubbub.trusted-proxies."),
    PAGES(
            "hubbub.pages",
            "true",
            "true or false",
            "Serves Hubbub's own pages: index.html, doors.html and what they load. If false, an application's own"
                    + " pages at these paths are served, or 404. The scripts hubbub.js and socket.io.js are always"
                    + " served."),
    BUILT_IN(
            "hubbub.builtin",
            "true",
            "true or false",
            "Handles the built-in events join, message, broadcast, leave, echo and ping. If false, clients can send"
                    + " only the events of the application, and auth."),
    ANONYMOUS(
            "hubbub.anonymous",
            "true",
            "true or false",
            "Allows unauthenticated clients. If false, a WebSocket client must authenticate within"
                    + " hubbub.auth-timeout, and all other unauthenticated requests are rejected with 401."),
    AUTH_TIMEOUT(
            "hubbub.auth-timeout",
            "10000",
            "100 to 600000 milliseconds",
            "Sets the time within which a WebSocket client that was not authenticated by its handshake must"
                    + " send the event auth."),
    AUTH_NOTICE(
            "hubbub.auth-notice",
            "60000",
            "0 to 3600000 milliseconds",
            "Sets how long before its token expires a client is sent the event auth-expiring."),
    TICKET_AGE(
            "hubbub.ticket-age",
            "30000",
            "1000 to 600000 milliseconds",
            "Sets how long a ticket from POST /ticket is valid. A ticket can be used for one connection."),
    TOKEN_IN_QUERY(
            "hubbub.token-in-query",
            "false",
            "true or false",
            "Accepts a token as the query parameter access_token. URLs end up in logs; a ticket, unlike a"
                    + " token, is useless there."),
    JWT_KEYS(
            "hubbub.jwt-keys",
            "",
            "a file or an https URL; empty for none",
            "Names the issuer's public keys, a JSON Web Key Set, for tokens signed with RS256, PS256, ES256"
                    + " or EdDSA."),
    JWT_SECRET(
            "hubbub.jwt-secret",
            "",
            "at least 32 bytes; empty for none",
            "Sets the secret for tokens signed with HS256. It cannot be combined with hubbub.jwt-keys."),
    JWT_ISSUER(
            "hubbub.jwt-issuer",
            "",
            "a claim's value; empty for any",
            "Requires this value in the claim iss of a token."),
    JWT_AUDIENCE(
            "hubbub.jwt-audience",
            "",
            "a claim's value; empty for any",
            "Requires this value in the claim aud of a token. Without it, tokens issued for other services"
                    + " are accepted."),
    JWT_SKEW(
            "hubbub.jwt-skew",
            "30000",
            "0 to 600000 milliseconds",
            "Limits the difference between the clocks of the issuer and this server."),
    JWT_NAME(
            "hubbub.jwt-name",
            "upn, preferred_username, sub",
            "claims, separated by commas",
            "Names the claims that may hold the user's name. The first one present is used."),
    JWT_ROLES(
            "hubbub.jwt-roles",
            "groups, roles, realm_access.roles",
            "claims, separated by commas",
            "Names the claims that hold the user's roles. A dot leads into a nested claim."),
    API_KEYS(
            "hubbub.api-keys",
            "",
            "keys of at least 32 visible characters, separated by commas; empty for none",
            "Sets the keys with which back ends use the HTTP API, as Authorization: Bearer KEY. Without keys, the"
                    + " API answers only users with the role hubbub-api, and everybody else gets 404."),
    API_EVENTS(
            "hubbub.api-events-per-second",
            "1000",
            "1 to 1000000 per second",
            "Limits the events and other requests per second and API key; bursts of ten times as many are"
                    + " allowed. More are rejected with 429. All users with the role hubbub-api share one limit."),
    API_BODY(
            "hubbub.api-max-body",
            "1048576",
            "1024 to 67108864 bytes",
            "Limits the body of a request to the HTTP API. Each of its events is limited by"
                    + " hubbub.max-payload, too."),
    ROLES(
            "hubbub.roles",
            "",
            "names, separated by commas",
            "Names further roles that the container is asked for, in addition to those in handlers and"
                    + " hubbub.room-policies."),
    JOIN(
            "hubbub.join",
            "open",
            "open or policy",
            "Allows or forbids joining rooms that no policy matches: open allows it, policy forbids it."),
    ROOM_POLICIES(
            "hubbub.room-policies",
            "",
            "policies, separated by semicolons: a room pattern and join=, publish=, members= and history= with"
                    + " roles, anyone, user or nobody: staff-* join=staff|admin publish=admin; inbox-{user} join=user",
            "Controls who may join rooms, publish to them, see their members, and read earlier events without"
                    + " being a member. What a policy omits is allowed for anyone, except history=, which only"
                    + " members may read then. A part {user} must be the client's own user name."),
    MAX_CONNECTIONS(
            "hubbub.max-connections",
            "20000",
            "1 to 10000000 connections",
            "Limits the connections in total. More are rejected with 503."),
    REQUEST_TIMEOUT(
            "hubbub.request-timeout",
            "20000",
            "1000 to 3600000 milliseconds",
            "Limits the time from the start of a connection to the end of the headers of its first request."
                    + " Standalone server only; application servers have their own setting."),
    KEEP_ALIVE_TIMEOUT(
            "hubbub.keep-alive-timeout",
            "30000",
            "1000 to 3600000 milliseconds",
            "Limits the time from a response to the end of the headers of the next request on the same"
                    + " connection. WebSockets, event streams and waiting polls are not affected. A proxy should keep"
                    + " idle connections for a shorter time. Standalone server only."),
    MAX_CONNECTIONS_PER_ADDRESS(
            "hubbub.max-connections-per-address",
            "1000",
            "1 to 10000000 connections",
            "Limits the connections per IPv4 address or IPv6 network of 64 bits. More are rejected with 429."),
    MAX_CONNECTIONS_PER_USER(
            "hubbub.max-connections-per-user",
            "100",
            "1 to 10000000 connections",
            "Limits the connections per authenticated user."),
    HANDSHAKES_PER_SECOND(
            "hubbub.handshakes-per-second",
            "50",
            "1 to 1000000 per second",
            "Limits new connections per second and address; bursts of ten times as many are allowed. More"
                    + " are rejected with 429."),
    EVENTS_PER_SECOND(
            "hubbub.events-per-second",
            "100",
            "0 to 1000000 per second",
            "Limits the events per second and client; bursts of hubbub.events-burst are allowed. More are"
                    + " rejected with the error rate-limited. 0 means no limit."),
    EVENTS_BURST(
            "hubbub.events-burst",
            "500",
            "1 to 1000000 events",
            "Sets how many events a client may send at once after a pause. A client that has as many events"
                    + " rejected without a pause is closed with 1008."),
    MAX_ROOMS(
            "hubbub.max-rooms",
            "100",
            "1 to 1000000 rooms",
            "Limits the rooms that one client is in at the same time."),
    MAX_MEMBERS("hubbub.max-members", "100000", "1 to 10000000 clients", "Limits the members of one room."),
    MAX_PENDING(
            "hubbub.max-pending",
            "1000",
            "1 to 1000000 events",
            "Limits the pending acknowledgements per client: those that the client owes, and those that"
                    + " handlers owe it. An event beyond the latter is answered with the error overloaded."),
    METRICS(
            "hubbub.metrics",
            "false",
            "false, true or role:<name>",
            "Shows /metrics, in the text format of Prometheus, to nobody, to everybody, or to users with this"
                    + " role. Unless it is false, the time of each delivery and handler is measured."),
    DRAIN_DELAY(
            "hubbub.drain-delay",
            "0",
            "0 to 600000 milliseconds",
            "Sets how long /health reports 503 before the first client is disconnected, so that a load"
                    + " balancer notices."),
    DRAIN_RATE(
            "hubbub.drain-rate",
            "1000",
            "1 to 1000000 per second",
            "Sets how many clients per second are disconnected when Hubbub stops. More are disconnected if"
                    + " hubbub.drain-timeout requires it."),
    DRAIN_TIMEOUT(
            "hubbub.drain-timeout",
            "5000",
            "0 to 600000 milliseconds",
            "Limits the time, after the delay, in which Hubbub disconnects clients and lets handlers finish."),
    ADMISSIONS_PER_SECOND(
            "hubbub.admissions-per-second",
            "1000",
            "1 to 1000000 per second",
            "Limits new connections per second of all addresses together; bursts of ten times as many are"
                    + " allowed. More are rejected with 503 and a time to retry, so that a server survives when all"
                    + " clients reconnect at once."),
    FIRST_EVENT(
            "hubbub.first-event-timeout",
            "0",
            "0 to 3600000 milliseconds",
            "Sets the time within which a WebSocket client must send its first event; otherwise it is closed"
                    + " with 1008. 0 means no limit, for clients that only receive what is sent to all."),
    UNLIMITED_ADDRESSES(
            "hubbub.unlimited-addresses",
            "127.0.0.0/8, ::1",
            "addresses and networks, separated by commas",
            "Exempts addresses from the limits of addresses, users, handshakes and events. Otherwise a proxy"
                    + " on this machine that is not one of hubbub.trusted-proxies would count as one client. An address"
                    + " that a proxy has told in a header is never exempt.");

    private final String key;
    private final String defaultValue;
    private final String allowed;
    private final String description;

    Setting(String key, String defaultValue, String allowed, String description) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
        this.description = description;
    }

    public String key() {
        return key;
    }

    /** The name of the environment variable for a key. */
    static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    public String defaultValue() {
        return defaultValue;
    }

    /** The allowed values and their unit, for messages and documentation. */
    public String allowed() {
        return allowed;
    }

    /** What the setting does, with limits and reasons; the first sentence begins with a verb. */
    public String description() {
        return description;
    }

    /** @return the exception for an invalid value; its message names the setting, the value and what is allowed */
    IllegalArgumentException invalid(String value, Throwable cause) {
        return new IllegalArgumentException(key + " is \"" + value + "\"; allowed are " + allowed, cause);
    }
}
