package dev.hubbub.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * Where an event comes from. Members are not told.
 *
 * @param user whose event it is: {@link #SERVER_USER}, {@link #ANONYMOUS_USER}, or {@link #USER} and the user's name
 * @param key the idempotency key; null for none
 */
public record Source(String user, String key) {
    private static final String SERVER_USER = "server";
    private static final String ANONYMOUS_USER = "anonymous";
    /** Before the name of an authenticated user. */
    private static final String USER = "user ";

    /** The application itself, without a key. */
    public static final Source SERVER = new Source(SERVER_USER, null);

    private static final Source ANONYMOUS = new Source(ANONYMOUS_USER, null);

    /** @param name of an authenticated user; null for an anonymous client */
    public static Source user(String name) {
        return name == null ? ANONYMOUS : new Source(USER + name, null);
    }

    /** The same source with a key; null for none. */
    public Source withKey(String newKey) {
        return Objects.equals(key, newKey) ? this : new Source(user, newKey);
    }

    /** The name of the authenticated user whose event it is; null if it is nobody's. */
    public String userName() {
        return user.startsWith(USER) ? user.substring(USER.length()) : null;
    }

    /** A short form of an idempotency key and its scope, the user. Each room has its own. */
    public record KeyHash(long high, long low) {
        // Written out, as in Member: JDK 17 would keep the class of a record that it compares.

        @Override
        public boolean equals(Object other) {
            return other instanceof KeyHash that && high == that.high && low == that.low;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(high);
        }
    }

    /** Null if there is no key. */
    public KeyHash keyHash() {
        if (key == null) {
            return null;
        }
        try {
            // A lone surrogate, which UTF-8 cannot express, is one of a key's characters too: hence UTF-16.
            byte[] scoped = (user + '\n' + key).getBytes(StandardCharsets.UTF_16BE);
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(scoped));
            return new KeyHash(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }
}
