package dev.hubbub.app;

import dev.hubbub.hub.PresenceRules;
import java.time.Duration;
import java.util.regex.Pattern;

/** The values in force; see {@link Setting} for what each is for. */
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
     * Checks the values.
     *
     * @throws IllegalArgumentException names the setting, its value and what is allowed
     */
    public static Settings read(Values values) {
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
                virtualThreads(values),
                flag(Setting.FAST_SENDING, values),
                origins(values),
                cookie(values),
                proxies(values));
    }

    private static Origins origins(Values values) {
        String value = values.text(Setting.ALLOWED_ORIGINS);
        try {
            return Origins.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.ALLOWED_ORIGINS.refuse(value, e);
        }
    }

    private static String cookie(Values values) {
        String value = values.text(Setting.STICKY_COOKIE).strip();
        if (!value.isEmpty() && !COOKIE.matcher(value).matches()) {
            throw Setting.STICKY_COOKIE.refuse(value, null);
        }
        return value;
    }

    private static TrustedProxies proxies(Values values) {
        String value = values.text(Setting.TRUSTED_PROXIES);
        try {
            return TrustedProxies.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.TRUSTED_PROXIES.refuse(value, e);
        }
    }

    private static PresenceRules presence(Values values) {
        int limit = (int) number(Setting.PRESENCE_LIMIT, values, 0, 1_000_000);
        String value = values.text(Setting.PRESENCE);
        try {
            return PresenceRules.parse(value, limit);
        } catch (IllegalArgumentException e) {
            throw Setting.PRESENCE.refuse(value, e);
        }
    }

    private static boolean virtualThreads(Values values) {
        int jdk = Runtime.version().feature();
        if (values.text(Setting.VIRTUAL_THREADS).strip().equals("auto")) {
            return jdk >= NO_PINNING;
        }
        boolean wanted = flag(Setting.VIRTUAL_THREADS, values);
        if (wanted && jdk < VIRTUAL) {
            throw Setting.VIRTUAL_THREADS.refuse("true, with JDK " + jdk, null);
        }
        return wanted;
    }

    private static boolean flag(Setting setting, Values values) {
        String value = values.text(setting).strip();
        if (!value.equals("true") && !value.equals("false")) {
            throw setting.refuse(value, null);
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
            throw setting.refuse(value, e);
        }
        throw setting.refuse(value, null);
    }
}
