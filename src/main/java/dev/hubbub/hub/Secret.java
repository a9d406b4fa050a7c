package dev.hubbub.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** What only the server and one client know, by which it shows later that it is the same. */
public final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 18;
    private static final int ID_BYTES = 12;

    private Secret() {}

    /** 24 characters that may stand in a URL. */
    public static String next() {
        return random(BYTES);
    }

    /** 16 characters that may stand in a URL: nobody else has them, and nobody can guess them. */
    static String id() {
        return random(ID_BYTES);
    }

    private static String random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Takes the same time however much is right; nothing is the same as null. */
    public static boolean isSame(String secret, String other) {
        return secret != null
                && other != null
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
