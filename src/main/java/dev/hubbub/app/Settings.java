package dev.hubbub.app;

import dev.hubbub.access.Limits;
import dev.hubbub.access.Networks;
import dev.hubbub.access.RoomRules;
import dev.hubbub.hub.PresenceRules;
import dev.hubbub.identity.JwtRules;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The checked values of all settings; {@link Setting} describes each. */
public record Settings(
        Values values,
        int maxPayload,
        int maxAttachments,
        Duration heartbeat,
        Duration heartbeatTimeout,
        int outboxEvents,
        long outboxBytes,
        Duration outboxAge,
        int logEvents,
        Duration logAge,
        PresenceRules presence,
        Duration presenceGrace,
        ClusterSettings cluster,
        boolean virtualThreads,
        boolean fastSending,
        boolean compression,
        int compressFrom,
        Origins origins,
        Hosts hosts,
        String stickyCookie,
        TrustedProxies trustedProxies,
        boolean pageHeaders,
        String hsts,
        boolean pages,
        boolean builtIn,
        Authentication authentication,
        Api api,
        Set<String> roles,
        RoomRules rooms,
        Limits limits,
        Duration firstEvent,
        Duration slowHandler,
        int hotRoom,
        Exposure metrics,
        Exposure contract,
        Admin admin,
        Duration requestTimeout,
        Duration keepAliveTimeout,
        History history,
        Draining draining) {
    /** The first JDK with virtual threads (JEP 444). */
    private static final int VIRTUAL_THREADS_JDK = 21;

    /** The first JDK whose virtual threads do not block their carrier threads in synchronized code (JEP 491). */
    private static final int NO_PINNING_JDK = 24;

    /** The name of a cookie (RFC 6265, section 4.1.1). */
    private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,64}");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");

    /** RFC 6797, section 6.1, and the directive {@code preload} of hstspreload.org. */
    private static final Pattern HSTS_HEADER =
            Pattern.compile("(?i)max-age=\\d{1,10}(\\s*;\\s*(includeSubDomains|preload)){0,2}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is invalid; the message names the setting, its value, what is allowed, and the source
     */
    public static Settings read(Values values) {
        try {
            return check(values);
        } catch (InvalidSettingException e) {
            throw e.from(values);
        }
    }

    private static Settings check(Values values) {
        return new Settings(
                values,
                (int) number(Setting.MAX_PAYLOAD, values, 1_024, 16_777_216),
                (int) number(Setting.MAX_ATTACHMENTS, values, 0, 100),
                Duration.ofMillis(number(Setting.HEARTBEAT, values, 100, 3_600_000)),
                Duration.ofMillis(number(Setting.HEARTBEAT_TIMEOUT, values, 100, 3_600_000)),
                (int) number(Setting.OUTBOX_EVENTS, values, 16, 1_000_000),
                number(Setting.OUTBOX_BYTES, values, 1_024, 1_073_741_824),
                Duration.ofMillis(number(Setting.OUTBOX_AGE, values, 1_000, 3_600_000)),
                (int) number(Setting.LOG_EVENTS, values, 0, 100_000),
                Duration.ofMillis(number(Setting.LOG_AGE, values, 1_000, 86_400_000)),
                presence(values),
                Duration.ofMillis(number(Setting.PRESENCE_GRACE, values, 0, 600_000)),
                ClusterSettings.read(
                        values,
                        Duration.ofMillis(number(Setting.CLUSTER_PATIENCE, values, 100, 600_000)),
                        flag(Setting.CLUSTER_READINESS, values),
                        flag(Setting.CLUSTER_SOCKETIO, values)),
                virtualThreads(values),
                flag(Setting.FAST_SENDING, values),
                flag(Setting.COMPRESSION, values),
                (int) number(Setting.COMPRESS_FROM, values, 0, 16_777_216),
                origins(values),
                hosts(values),
                cookie(values),
                proxies(values),
                flag(Setting.PAGE_HEADERS, values),
                hsts(values),
                flag(Setting.PAGES, values),
                flag(Setting.BUILT_IN, values),
                authentication(values),
                api(values),
                Set.copyOf(list(values.text(Setting.ROLES))),
                rooms(values),
                limits(values),
                Duration.ofMillis(number(Setting.FIRST_EVENT, values, 0, 3_600_000)),
                Duration.ofMillis(number(Setting.SLOW_HANDLER, values, 0, 3_600_000)),
                (int) number(Setting.HOT_ROOM, values, 0, 1_000_000_000),
                Exposure.read(Setting.METRICS, values),
                Exposure.read(Setting.CONTRACT, values),
                admin(values),
                Duration.ofMillis(number(Setting.REQUEST_TIMEOUT, values, 1_000, 3_600_000)),
                Duration.ofMillis(number(Setting.KEEP_ALIVE_TIMEOUT, values, 1_000, 3_600_000)),
                history(values),
                new Draining(
                        Duration.ofMillis(number(Setting.DRAIN_DELAY, values, 0, 600_000)),
                        (int) number(Setting.DRAIN_RATE, values, 1, 1_000_000),
                        Duration.ofMillis(number(Setting.DRAIN_TIMEOUT, values, 0, 600_000))));
    }

    /**
     * How clients are disconnected when Hubbub stops.
     *
     * @param delay the time before the first client is disconnected
     * @param rate clients per second; more are disconnected if the timeout requires it
     * @param timeout the time, after the delay, for all clients
     */
    public record Draining(Duration delay, int rate, Duration timeout) {}

    /**
     * How clients authenticate.
     *
     * @param anonymous whether unauthenticated clients are allowed
     * @param timeout the time within which a WebSocket client must authenticate after its handshake
     * @param notice how long before its token expires a client is told
     * @param ticketAge how long a ticket is valid
     * @param inQuery whether a token may be a query parameter
     * @param tokens the requirements that a token must meet
     */
    public record Authentication(
            boolean anonymous,
            Duration timeout,
            Duration notice,
            Duration ticketAge,
            boolean inQuery,
            JwtRules tokens) {}

    /**
     * How events are stored.
     *
     * @param database the JNDI name of a DataSource or a {@code jdbc:} URL; empty for none
     * @param create whether missing tables are created
     * @param rooms patterns of the names of durable rooms
     * @param age how long events are kept; zero for ever
     * @param events the most events of each room; 0 for no limit
     */
    public record History(String database, boolean create, String rooms, Duration age, long events) {}

    private static History history(Values values) {
        String database = values.text(Setting.HISTORY).strip();
        boolean auto = values.text(Setting.HISTORY_CREATE).strip().equals("auto");
        return new History(
                database,
                auto ? database.startsWith("jdbc:h2:") : flag(Setting.HISTORY_CREATE, values),
                values.text(Setting.HISTORY_ROOMS),
                Duration.ofDays(number(Setting.HISTORY_AGE, values, 0, 36_500)),
                number(Setting.HISTORY_EVENTS, values, 0, 1_000_000_000_000L));
    }

    private static Authentication authentication(Values values) {
        JwtRules tokens = new JwtRules(
                values.text(Setting.JWT_KEYS).strip(),
                values.text(Setting.JWT_SECRET),
                values.text(Setting.JWT_ISSUER).strip(),
                values.text(Setting.JWT_AUDIENCE).strip(),
                Duration.ofMillis(number(Setting.JWT_SKEW, values, 0, 600_000)),
                list(values.text(Setting.JWT_NAME)),
                list(values.text(Setting.JWT_ROLES)));
        if (!tokens.keys().isEmpty() && !tokens.secret().isEmpty()) {
            throw Setting.JWT_SECRET.invalid("***", new IllegalArgumentException("hubbub.jwt-keys is set, too"));
        }
        return new Authentication(
                flag(Setting.ANONYMOUS, values),
                Duration.ofMillis(number(Setting.AUTH_TIMEOUT, values, 100, 600_000)),
                Duration.ofMillis(number(Setting.AUTH_NOTICE, values, 0, 3_600_000)),
                Duration.ofMillis(number(Setting.TICKET_AGE, values, 1_000, 600_000)),
                flag(Setting.TOKEN_IN_QUERY, values),
                tokens);
    }

    /**
     * The HTTP API.
     *
     * @param keys where {@link ApiKeys} are
     * @param eventsPerSecond for each key
     * @param maxBody bytes of a request
     */
    public record Api(String keys, int eventsPerSecond, int maxBody) {}

    private static Api api(Values values) {
        String keys = values.text(Setting.API_KEYS).strip();
        ApiKeys.parse(keys);
        return new Api(keys, (int) number(Setting.API_EVENTS, values, 1, 1_000_000), (int)
                number(Setting.API_BODY, values, 1_024, 67_108_864));
    }

    /**
     * Who may use the admin page and its interface.
     *
     * @param role null if users may not
     * @param key empty if there is none
     */
    public record Admin(String role, String key) {
        /** Whether anybody may. */
        public boolean on() {
            return role != null || !key.isEmpty();
        }
    }

    private static Admin admin(Values values) {
        Exposure users = Exposure.read(Setting.ADMIN, values);
        if (users.on() && users.role() == null) {
            throw Setting.ADMIN.invalid("true", null);
        }
        String key = values.text(Setting.ADMIN_KEY).strip();
        if (!key.isEmpty() && !ApiKeys.KEY.matcher(key).matches()) {
            throw Setting.ADMIN_KEY.invalid("***", null);
        }
        return new Admin(users.role(), key);
    }

    private static RoomRules rooms(Values values) {
        String join = values.text(Setting.JOIN).strip();
        if (!join.equals("open") && !join.equals("policy")) {
            throw Setting.JOIN.invalid(join, null);
        }
        String policies = values.text(Setting.ROOM_POLICIES);
        try {
            return RoomRules.parse(policies, join.equals("open"));
        } catch (IllegalArgumentException e) {
            throw Setting.ROOM_POLICIES.invalid(policies, e);
        }
    }

    private static Limits limits(Values values) {
        String unlimited = values.text(Setting.UNLIMITED_ADDRESSES);
        Networks networks;
        try {
            networks = Networks.parse(unlimited);
        } catch (IllegalArgumentException e) {
            throw Setting.UNLIMITED_ADDRESSES.invalid(unlimited, e);
        }
        return new Limits(
                (int) number(Setting.MAX_CONNECTIONS, values, 1, 10_000_000),
                (int) number(Setting.MAX_CONNECTIONS_PER_ADDRESS, values, 1, 10_000_000),
                (int) number(Setting.MAX_CONNECTIONS_PER_USER, values, 1, 10_000_000),
                (int) number(Setting.HANDSHAKES_PER_SECOND, values, 1, 1_000_000),
                (int) number(Setting.ADMISSIONS_PER_SECOND, values, 1, 1_000_000),
                (int) number(Setting.EVENTS_PER_SECOND, values, 0, 1_000_000),
                (int) number(Setting.EVENTS_BURST, values, 1, 1_000_000),
                (int) number(Setting.MAX_ROOMS, values, 1, 1_000_000),
                (int) number(Setting.MAX_MEMBERS, values, 1, 10_000_000),
                (int) number(Setting.MAX_PENDING, values, 1, 1_000_000),
                networks);
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static Origins origins(Values values) {
        String value = values.text(Setting.ALLOWED_ORIGINS);
        try {
            return Origins.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.ALLOWED_ORIGINS.invalid(value, e);
        }
    }

    private static Hosts hosts(Values values) {
        String value = values.text(Setting.HOSTS);
        try {
            return Hosts.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.HOSTS.invalid(value, e);
        }
    }

    private static String hsts(Values values) {
        String value = values.text(Setting.HSTS).strip();
        String header = SECONDS.matcher(value).matches() ? "max-age=" + value : value;
        if (!header.isEmpty() && !HSTS_HEADER.matcher(header).matches()) {
            throw Setting.HSTS.invalid(value, null);
        }
        return header;
    }

    private static String cookie(Values values) {
        String value = values.text(Setting.STICKY_COOKIE).strip();
        if (!value.isEmpty() && !COOKIE.matcher(value).matches()) {
            throw Setting.STICKY_COOKIE.invalid(value, null);
        }
        return value;
    }

    private static TrustedProxies proxies(Values values) {
        String header = forwardedHeader(values);
        String value = values.text(Setting.TRUSTED_PROXIES);
        try {
            return TrustedProxies.parse(value, header);
        } catch (IllegalArgumentException e) {
            throw Setting.TRUSTED_PROXIES.invalid(value, e);
        }
    }

    private static String forwardedHeader(Values values) {
        String value = values.text(Setting.FORWARDED_HEADER).strip();
        if (value.equalsIgnoreCase(TrustedProxies.X_FORWARDED_FOR)) {
            return TrustedProxies.X_FORWARDED_FOR;
        }
        if (value.equalsIgnoreCase(TrustedProxies.FORWARDED)) {
            return TrustedProxies.FORWARDED;
        }
        throw Setting.FORWARDED_HEADER.invalid(value, null);
    }

    private static PresenceRules presence(Values values) {
        int limit = (int) number(Setting.PRESENCE_LIMIT, values, 0, 1_000_000);
        String value = values.text(Setting.PRESENCE);
        try {
            return PresenceRules.parse(value, limit);
        } catch (IllegalArgumentException e) {
            throw Setting.PRESENCE.invalid(value, e);
        }
    }

    private static boolean virtualThreads(Values values) {
        int jdk = Runtime.version().feature();
        if (values.text(Setting.VIRTUAL_THREADS).strip().equals("auto")) {
            return jdk >= NO_PINNING_JDK;
        }
        boolean wanted = flag(Setting.VIRTUAL_THREADS, values);
        if (wanted && jdk < VIRTUAL_THREADS_JDK) {
            throw Setting.VIRTUAL_THREADS.invalid("true, with JDK " + jdk, null);
        }
        return wanted;
    }

    private static boolean flag(Setting setting, Values values) {
        String value = values.text(setting).strip();
        if (!value.equals("true") && !value.equals("false")) {
            throw setting.invalid(value, null);
        }
        return value.equals("true");
    }

    private static long number(Setting setting, Values values, long least, long most) {
        String value = values.text(setting);
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw setting.invalid(value, e);
        }
        throw setting.invalid(value, null);
    }
}
