package dev.hubbub.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;

/**
 * All settings. {@link Values} reads each from the system property of this name, the environment variable ({@code
 * HUBBUB_MAX_PAYLOAD} for {@code hubbub.max-payload}) or the sources of the container; {@link Settings} checks them.
 */
public enum Setting {
    MAX_PAYLOAD("hubbub.max-payload"),
    MAX_ATTACHMENTS("hubbub.max-attachments"),
    HEARTBEAT("hubbub.heartbeat"),
    HEARTBEAT_TIMEOUT("hubbub.heartbeat-timeout"),
    OUTBOX_EVENTS("hubbub.outbox-events"),
    OUTBOX_BYTES("hubbub.outbox-bytes"),
    OUTBOX_AGE("hubbub.outbox-age"),
    LOG_EVENTS("hubbub.log-events"),
    LOG_AGE("hubbub.log-age"),
    HISTORY("hubbub.history"),
    HISTORY_CREATE("hubbub.history-create"),
    HISTORY_ROOMS("hubbub.history-rooms"),
    HISTORY_AGE("hubbub.history-age"),
    HISTORY_EVENTS("hubbub.history-events"),
    PRESENCE_LIMIT("hubbub.presence-limit"),
    PRESENCE("hubbub.presence"),
    PRESENCE_GRACE("hubbub.presence-grace"),
    CLUSTER("hubbub.cluster"),
    CLUSTER_PREFIX("hubbub.cluster-prefix"),
    CLUSTER_SECRET("hubbub.cluster-secret"),
    CLUSTER_PATIENCE("hubbub.cluster-patience"),
    CLUSTER_READINESS("hubbub.cluster-readiness"),
    CLUSTER_SOCKETIO("hubbub.cluster-socketio"),
    VIRTUAL_THREADS("hubbub.virtual-threads"),
    FAST_SENDING("hubbub.fast-sending"),
    COMPRESSION("hubbub.compression"),
    COMPRESS_FROM("hubbub.compress-from"),
    ALLOWED_ORIGINS("hubbub.allowed-origins"),
    HOSTS("hubbub.hosts"),
    STICKY_COOKIE("hubbub.sticky-cookie"),
    TRUSTED_PROXIES("hubbub.trusted-proxies"),
    FORWARDED_HEADER("hubbub.forwarded-header"),
    PAGE_HEADERS("hubbub.page-headers"),
    HSTS("hubbub.hsts"),
    PAGES("hubbub.pages"),
    BUILT_IN("hubbub.builtin"),
    ANONYMOUS("hubbub.anonymous"),
    AUTH_TIMEOUT("hubbub.auth-timeout"),
    AUTH_NOTICE("hubbub.auth-notice"),
    TICKET_AGE("hubbub.ticket-age"),
    TOKEN_IN_QUERY("hubbub.token-in-query"),
    JWT_KEYS("hubbub.jwt-keys"),
    JWT_SECRET("hubbub.jwt-secret"),
    JWT_ISSUER("hubbub.jwt-issuer"),
    JWT_AUDIENCE("hubbub.jwt-audience"),
    JWT_SKEW("hubbub.jwt-skew"),
    JWT_NAME("hubbub.jwt-name"),
    JWT_ROLES("hubbub.jwt-roles"),
    API_KEYS("hubbub.api-keys"),
    API_EVENTS("hubbub.api-events-per-second"),
    API_BODY("hubbub.api-max-body"),
    ROLES("hubbub.roles"),
    JOIN("hubbub.join"),
    ROOM_POLICIES("hubbub.room-policies"),
    MAX_CONNECTIONS("hubbub.max-connections"),
    REQUEST_TIMEOUT("hubbub.request-timeout"),
    KEEP_ALIVE_TIMEOUT("hubbub.keep-alive-timeout"),
    MAX_CONNECTIONS_PER_ADDRESS("hubbub.max-connections-per-address"),
    MAX_CONNECTIONS_PER_USER("hubbub.max-connections-per-user"),
    HANDSHAKES_PER_SECOND("hubbub.handshakes-per-second"),
    EVENTS_PER_SECOND("hubbub.events-per-second"),
    EVENTS_BURST("hubbub.events-burst"),
    MAX_ROOMS("hubbub.max-rooms"),
    MAX_MEMBERS("hubbub.max-members"),
    MAX_PENDING("hubbub.max-pending"),
    METRICS("hubbub.metrics"),
    CONTRACT("hubbub.contract"),
    ADMIN("hubbub.admin"),
    ADMIN_KEY("hubbub.admin-key"),
    DRAIN_DELAY("hubbub.drain-delay"),
    DRAIN_RATE("hubbub.drain-rate"),
    DRAIN_TIMEOUT("hubbub.drain-timeout"),
    ADMISSIONS_PER_SECOND("hubbub.admissions-per-second"),
    FIRST_EVENT("hubbub.first-event-timeout"),
    HOT_ROOM("hubbub.hot-room"),
    SLOW_HANDLER("hubbub.slow-handler"),
    UNLIMITED_ADDRESSES("hubbub.unlimited-addresses");

    private final String key;
    private final String defaultValue;
    private final String allowed;
    private final String description;

    Setting(String key) {
        this.key = key;
        defaultValue = Texts.of(key + ".default");
        allowed = Texts.of(key + ".allowed");
        description = Texts.of(key + ".description");
    }

    /** The texts of all settings, in a file, so that this class stays a list. */
    private static final class Texts {
        private static final Properties ALL = load();

        private static Properties load() {
            Properties texts = new Properties();
            try (InputStream file = Setting.class.getResourceAsStream("settings.properties");
                    Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
                texts.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return texts;
        }

        static String of(String name) {
            return Objects.requireNonNull(ALL.getProperty(name), name);
        }
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
        return new InvalidSettingException(this, key + " is \"" + value + "\"; allowed are " + allowed, cause);
    }
}
