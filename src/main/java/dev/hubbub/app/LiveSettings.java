package dev.hubbub.app;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
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
            Setting.ALLOWED_ORIGINS));

    private final Values configured;
    private volatile Settings current;

    /**
     * A change.
     *
     * @param before the value before, with its source
     * @param after the value now, with its source
     */
    public record Change(String before, String after) {}

    LiveSettings(Settings configured) {
        this.configured = configured.values();
        current = configured;
    }

    Settings current() {
        return current;
    }

    /** The keys of the settings that can be changed without a restart. */
    public static Set<String> changeable() {
        return CHANGEABLE.stream().map(Setting::key).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Changes a setting.
     *
     * @param text null for the configured value
     * @throws IllegalArgumentException if there is no such setting, if it cannot be changed without a restart, or if the value is
     *     invalid; the message says which
     */
    synchronized Change change(String key, String text) {
        Setting setting = Arrays.stream(Setting.values())
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no setting " + key));
        if (!CHANGEABLE.contains(setting)) {
            throw new IllegalArgumentException(
                    key + " can be changed only by a restart. Without one, these can be changed: "
                            + CHANGEABLE.stream().map(Setting::key).collect(Collectors.joining(", ")));
        }
        Settings changed = Settings.read(current.values().with(setting, text, configured));
        String before = current.values().shown().get(key);
        current = changed;
        return new Change(before, changed.values().shown().get(key));
    }
}
