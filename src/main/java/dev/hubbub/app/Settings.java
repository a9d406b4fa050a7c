package dev.hubbub.app;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** The values in force; see {@link Setting} for what each is for. */
public record Settings(
        int maxPayload,
        Duration heartbeat,
        Duration heartbeatTimeout,
        int outboxEvents,
        long outboxBytes,
        Duration outboxAge,
        int presenceLimit,
        boolean fastSending,
        TrustedProxies trustedProxies) {

    /**
     * Reads system properties, the environment, and what the container has.
     *
     * @param container gives the context-param of a key, or null
     * @throws IllegalArgumentException names the setting, its value and what is allowed
     */
    public static Settings read(UnaryOperator<String> container) {
        return new Settings(
                (int) number(Setting.MAX_PAYLOAD, container, 1_024, 16_777_216),
                Duration.ofMillis(number(Setting.HEARTBEAT, container, 100, 3_600_000)),
                Duration.ofMillis(number(Setting.HEARTBEAT_TIMEOUT, container, 100, 3_600_000)),
                (int) number(Setting.OUTBOX_EVENTS, container, 16, 1_000_000),
                number(Setting.OUTBOX_BYTES, container, 1_024, 1_073_741_824),
                Duration.ofMillis(number(Setting.OUTBOX_AGE, container, 1_000, 3_600_000)),
                (int) number(Setting.PRESENCE_LIMIT, container, 0, 1_000_000),
                flag(Setting.FAST_SENDING, container),
                proxies(container));
    }

    private static TrustedProxies proxies(UnaryOperator<String> container) {
        String value = value(Setting.TRUSTED_PROXIES, container);
        try {
            return TrustedProxies.parse(value);
        } catch (IllegalArgumentException e) {
            throw Setting.TRUSTED_PROXIES.refuse(value, e);
        }
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
