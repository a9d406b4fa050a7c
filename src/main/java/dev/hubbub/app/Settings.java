package dev.hubbub.app;

import dev.hubbub.hub.PresenceRules;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The values in force; see {@link Setting} for what each is for. */
public record Settings(
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
        boolean virtualThreads,
        boolean fastSending,
        Origins origins,
        String stickyCookie,
        TrustedProxies trustedProxies) {
    /** The first JDK with virtual threads, JEP 444. */
    private static final int VIRTUAL = 21;

    /** The first JDK on which they may block in synchronized code, JEP 491. */
    private static final int NO_PINNING = 24;

    /** RFC 6265, section 4.1.1. */
    private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,64}");

    /**
     * Reads system properties, the environment, and what the container has.
     *
     * @param container gives the context-param of a key, or null
     * @throws IllegalArgumentException names the setting, its value and what is allowed
     */
    public static Settings read(UnaryOperator<String> container) {
        return new Settings(
                (int) number(Setting.MAX_PAYLOAD, container, 1_024, 16_777_216),
                (int) number(Setting.MAX_ATTACHMENTS, container, 0, 100),
                Duration.ofMillis(number(Setting.HEARTBEAT, container, 100, 3_600_000)),
                Duration.ofMillis(number(Setting.HEARTBEAT_TIMEOUT, container, 100, 3_600_000)),
                (int) number(Setting.OUTBOX_EVENTS, container, 16, 1_000_000),
                number(Setting.OUTBOX_BYTES, container, 1_024, 1_073_741_824),
                Duration.ofMillis(number(Setting.OUTBOX_AGE, container, 1_000, 3_600_000)),
                (int) number(Setting.LOG_EVENTS, container, 0, 100_000),
                Duration.ofMillis(number(Setting.LOG_AGE, container, 1_000, 86_400_000)),
                presence(container),
                virtualThreads(container),
                flag(Setting.FAST_SENDING, container),
                origins(container),
                cookie(container),
                proxies(container));
    }

    private static Origins origins(UnaryOperator<String> container) {
        String value = value(Setting.ALLOWED_ORIGINS, container);
        try {
            return Origins.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.ALLOWED_ORIGINS.refuse(value, e);
        }
    }

    private static String cookie(UnaryOperator<String> container) {
        String value = value(Setting.STICKY_COOKIE, container).strip();
        if (!value.isEmpty() && !COOKIE.matcher(value).matches()) {
            throw Setting.STICKY_COOKIE.refuse(value, null);
        }
        return value;
    }

    private static TrustedProxies proxies(UnaryOperator<String> container) {
        String value = value(Setting.TRUSTED_PROXIES, container);
        try {
            return TrustedProxies.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.TRUSTED_PROXIES.refuse(value, e);
        }
    }

    private static PresenceRules presence(UnaryOperator<String> container) {
        int limit = (int) number(Setting.PRESENCE_LIMIT, container, 0, 1_000_000);
        String value = value(Setting.PRESENCE, container);
        try {
            return PresenceRules.parse(value, limit);
        } catch (IllegalArgumentException e) {
            throw Setting.PRESENCE.refuse(value, e);
        }
    }

    private static boolean virtualThreads(UnaryOperator<String> container) {
        int jdk = Runtime.version().feature();
        if (value(Setting.VIRTUAL_THREADS, container).strip().equals("auto")) {
            return jdk >= NO_PINNING;
        }
        boolean wanted = flag(Setting.VIRTUAL_THREADS, container);
        if (wanted && jdk < VIRTUAL) {
            throw Setting.VIRTUAL_THREADS.refuse("true, with JDK " + jdk, null);
        }
        return wanted;
    }

    private static boolean flag(Setting setting, UnaryOperator<String> container) {
        String value = value(setting, container).strip();
        if (!value.equals("true") && !value.equals("false")) {
            throw setting.refuse(value, null);
        }
        return value.equals("true");
    }

    private static long number(Setting setting, UnaryOperator<String> container, long least, long most) {
        String value = value(setting, container);
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw setting.refuse(value, e);
        }
        throw setting.refuse(value, null);
    }

    private static String value(Setting setting, UnaryOperator<String> container) {
        String value = System.getProperty(setting.key());
        if (value == null) {
            value = System.getenv(setting.variable());
        }
        if (value == null) {
            value = container.apply(setting.key());
        }
        return value == null ? setting.defaultValue() : value;
    }
}
