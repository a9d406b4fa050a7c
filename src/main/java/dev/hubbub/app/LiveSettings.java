package dev.hubbub.app;

import dev.hubbub.hub.HubServices;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

/** The settings, of which operators change some while Hubbub runs. The next start reads the configured values again. */
public final class LiveSettings {
    /** All others are built into what exists already: connections, rooms, threads, the database. */
    private static final Set<Setting> CHANGEABLE = Collections.unmodifiableSet(EnumSet.of(
            Setting.MAX_CONNECTIONS,
            Setting.MAX_CONNECTIONS_PER_ADDRESS,
            Setting.MAX_CONNECTIONS_PER_USER,
            Setting.HANDSHAKES_PER_SECOND,
            Setting.ADMISSIONS_PER_SECOND,
            Setting.EVENTS_PER_SECOND,
            Setting.EVENTS_BURST,
            Setting.MAX_ROOMS,
            Setting.MAX_MEMBERS,
            Setting.UNLIMITED_ADDRESSES,
            Setting.ALLOWED_ORIGINS,
            Setting.API_KEYS,
            Setting.HOT_ROOM));

    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);

    private final Values configured;
    private final ApiKeys apiKeys = new ApiKeys();
    private volatile Settings current;

    /**
     * A change.
     *
     * @param before the value before, with its source
     * @param after the value now, with its source
     */
    public record Change(String before, String after) {}

    /** @throws IllegalArgumentException if the API's keys cannot be read */
    LiveSettings(Settings configured) {
        this.configured = configured.values();
        current = configured;
        apiKeys.use(configured.api().keys());
    }

    /** Reads files again that have changed, until the hub stops. */
    void watch(HubServices services) {
        services.scheduler().repeat("API keys", RELOAD_INTERVAL, () -> {
            try {
                services.application().execute(apiKeys::reload); // the scheduler's thread has no time for files
            } catch (RejectedExecutionException stopping) {
                return;
            }
        });
    }

    ApiKeys apiKeys() {
        return apiKeys;
    }

    Settings current() {
        return current;
    }

    /** The keys of the settings that can be changed without a restart. */
    public static Set<String> changeable() {
        return CHANGEABLE.stream().map(Setting::key).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Setting> find(String key) {
        return Arrays.stream(Setting.values())
                .filter(each -> each.key().equals(key))
                .findFirst();
    }

    /** What logs may show of a value; {@code ***} for a secret. */
    public static String shown(String key, String text) {
        return text == null
                ? "the configured value"
                : find(key).map(setting -> Values.shown(setting, text)).orElse(text);
    }

    /**
     * Changes a setting.
     *
     * @param text null for the configured value
     * @throws IllegalArgumentException if there is no such setting, if it cannot be changed without a restart, or if the value is
     *     invalid; the message says which
     */
    synchronized Change change(String key, String text) {
        Setting setting = find(key).orElseThrow(() -> new IllegalArgumentException("There is no setting " + key));
        if (!CHANGEABLE.contains(setting)) {
            throw new IllegalArgumentException(
                    key + " can be changed only by a restart. Without one, these can be changed: "
                            + CHANGEABLE.stream().map(Setting::key).collect(Collectors.joining(", ")));
        }
        Settings changed = Settings.read(current.values().with(setting, text, configured));
        if (setting == Setting.API_KEYS) {
            apiKeys.use(changed.api().keys());
        }
        String before = current.values().shown().get(key);
        current = changed;
        return new Change(before, changed.values().shown().get(key));
    }
}
