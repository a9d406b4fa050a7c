package dev.hubbub.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts; each runs as a whole or not at all. They lie beside this class. */
enum Script {
    PUBLISH,
    PUBLISH_ALL,
    PUBLISH_KEYED,
    OPEN,
    BEGIN,
    RESTORE_KEYS,
    DELETE,
    FORGET,
    FORGET_ALL,
    SINCE,
    BEFORE,
    PRESENCE,
    RESERVE,
    HEARTBEAT,
    REAP,
    SESSION_TAKE,
    SESSION_RENEW,
    PID_KEEP,
    PID_TAKE,
    LEASE,
    DELETE_OWN,
    REQUEST,
    COUNTS,
    OCCUPANTS;

    final byte[] source;
    final byte[] sha;

    Script() {
        String file = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            source = in.readAllBytes();
            sha = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(source))
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
