package dev.hubbub.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jose4j.http.Get;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * The issuer's public keys. Nobody who verifies a token waits for them: a thread that reads for many clients may do it. A file is
 * read again when it has changed; a URL is asked aside, and whoever comes too early is refused and may come again.
 */
final class IssuerKeys implements VerificationKeyResolver {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Between two times that a URL is asked because of a key that is not known, which anybody can invent. */
    private static final Duration REPRIEVE = Duration.ofSeconds(10);

    /** After which a key that the issuer has withdrawn is not known any more. */
    private static final Duration MAX_AGE = Duration.ofMinutes(15);

    private static final int TIMEOUT_MILLIS = 5_000;

    private final Path file;
    private final String url;
    private final Executor aside;

    // Guarded by this.
    private FileTime changedAt;
    private VerificationKeyResolver keys = new JwksVerificationKeyResolver(List.of());
    private long askedAt;

    private IssuerKeys(Path file, String url, Executor aside) {
        this.file = file;
        this.url = url;
        this.aside = aside;
    }

    /**
     * @param place a file, or a URL
     * @param aside asks the URL
     * @throws IllegalArgumentException if a file has no keys
     */
    static IssuerKeys of(String place, Executor aside) {
        if (place.matches("https?://.*")) {
            IssuerKeys set = new IssuerKeys(null, place, aside);
            set.ask(System.nanoTime());
            return set;
        }
        IssuerKeys set = new IssuerKeys(Path.of(place), null, aside);
        try {
            set.read();
        } catch (IOException | JoseException e) {
            throw new IllegalArgumentException(place + " has no key set: " + e, e);
        }
        return set;
    }

    private synchronized void read() throws IOException, JoseException {
        FileTime changed = Files.getLastModifiedTime(file);
        if (!changed.equals(changedAt)) {
            keys = parse(Files.readString(file));
            changedAt = changed;
        }
    }

    private static VerificationKeyResolver parse(String set) throws JoseException {
        return new JwksVerificationKeyResolver(new JsonWebKeySet(set).getJsonWebKeys());
    }

    @Override
    public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> context) throws UnresolvableKeyException {
        long now = System.nanoTime();
        if (file == null) {
            askIfOlder(MAX_AGE, now);
        } else {
            try {
                read();
            } catch (IOException | JoseException e) {
                LOG.log(System.Logger.Level.WARNING, "{0} cannot be read, the keys before are kept: {1}", file, e);
            }
        }
        try {
            return keys().resolveKey(signature, context);
        } catch (UnresolvableKeyException unknown) {
            if (file == null) {
                askIfOlder(REPRIEVE, now);
            }
            throw unknown;
        }
    }

    private synchronized VerificationKeyResolver keys() {
        return keys;
    }

    private void askIfOlder(Duration age, long now) {
        synchronized (this) {
            if (now - askedAt < age.toNanos()) {
                return;
            }
        }
        ask(now);
    }

    private void ask(long now) {
        synchronized (this) {
            askedAt = now;
        }
        aside.execute(() -> {
            try {
                Get get = new Get();
                get.setConnectTimeout(TIMEOUT_MILLIS);
                get.setReadTimeout(TIMEOUT_MILLIS);
                get.setRetries(0);
                VerificationKeyResolver asked = parse(get.get(url).getBody());
                synchronized (this) {
                    keys = asked;
                }
            } catch (IOException | JoseException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "The keys of {0} cannot be had: {1}", url, e);
            }
        });
    }
}
