package dev.hubbub.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jose4j.http.Get;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * The issuer's public keys. Verifying a token never waits for the network, because it may run on a thread that reads the
 * sockets of many clients. A file is read again when it has changed. A URL is fetched in the background: at the start, regularly
 * after that, and when a token names an unknown key. Until its keys have arrived, tokens are rejected and clients may try again.
 */
final class IssuerKeys implements VerificationKeyResolver {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** The least time between two fetches because of an unknown key. Anybody can invent unknown keys. */
    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(10);

    /** How often keys are fetched, whether or not anybody connects. */
    static final Duration FETCH_INTERVAL = Duration.ofMinutes(5);

    /**
     * Keys that are older than this are not accepted, because the issuer may have withdrawn them: so a withdrawn key ends even if
     * the issuer cannot be reached.
     */
    static final Duration MAX_AGE = Duration.ofMinutes(15);

    private static final int TIMEOUT_MILLIS = 5_000;

    private final Path file;
    private final String url;
    private final Executor background;
    private final LongSupplier clock;

    // Guarded by this.
    private FileTime modifiedAt;
    private VerificationKeyResolver keys = new JwksVerificationKeyResolver(List.of());
    private long triedAt;
    private long fetchedAt;

    private IssuerKeys(Path file, String url, Executor background, LongSupplier clock) {
        this.file = file;
        this.url = url;
        this.background = background;
        this.clock = clock;
    }

    /**
     * @param location a file or a URL of a JSON Web Key Set (RFC 7517)
     * @param tasks fetches the URL
     * @param clock gives nanoseconds, as {@link System#nanoTime}
     * @throws IllegalArgumentException if a file cannot be read or has no key set
     */
    static IssuerKeys of(String location, BackgroundTasks tasks, LongSupplier clock) {
        if (location.matches("https?://.*")) {
            if (location.startsWith("http:")) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The issuer's keys are fetched by http: anybody on the network can replace them. Use https");
            }
            IssuerKeys set = new IssuerKeys(null, location, tasks, clock);
            set.fetchedAt = clock.getAsLong();
            set.fetch();
            tasks.repeat("issuer's keys", FETCH_INTERVAL, set::fetch);
            return set;
        }
        IssuerKeys set = new IssuerKeys(Path.of(location), null, tasks, clock);
        try {
            set.read();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no file " + location, e);
        } catch (IOException | JoseException e) {
            throw new IllegalArgumentException("No key set can be read from " + location + ": " + e, e);
        }
        return set;
    }

    private synchronized void read() throws IOException, JoseException {
        FileTime modified = Files.getLastModifiedTime(file);
        if (!modified.equals(modifiedAt)) {
            keys = parse(Files.readString(file));
            modifiedAt = modified;
        }
    }

    private static VerificationKeyResolver parse(String set) throws JoseException {
        return new JwksVerificationKeyResolver(new JsonWebKeySet(set).getJsonWebKeys());
    }

    @Override
    public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> context) throws UnresolvableKeyException {
        if (file != null) {
            try {
                read();
            } catch (IOException | JoseException e) {
                LOG.log(System.Logger.Level.WARNING, "{0} cannot be read; the previous keys stay in use: {1}", file, e);
            }
            return keys().resolveKey(signature, context);
        }
        if (isOutdated()) {
            fetchUnlessTried();
            throw new UnresolvableKeyException("The issuer's keys are too old");
        }
        try {
            return keys().resolveKey(signature, context);
        } catch (UnresolvableKeyException unknown) {
            fetchUnlessTried();
            throw unknown;
        }
    }

    private synchronized VerificationKeyResolver keys() {
        return keys;
    }

    private synchronized boolean isOutdated() {
        return clock.getAsLong() - fetchedAt > MAX_AGE.toNanos();
    }

    private void fetchUnlessTried() {
        synchronized (this) {
            if (clock.getAsLong() - triedAt < MIN_FETCH_INTERVAL.toNanos()) {
                return;
            }
        }
        fetch();
    }

    private void fetch() {
        synchronized (this) {
            triedAt = clock.getAsLong();
        }
        background.execute(() -> {
            try {
                Get get = new Get();
                get.setConnectTimeout(TIMEOUT_MILLIS);
                get.setReadTimeout(TIMEOUT_MILLIS);
                get.setRetries(0);
                VerificationKeyResolver fetched = parse(get.get(url).getBody());
                synchronized (this) {
                    keys = fetched;
                    fetchedAt = clock.getAsLong();
                }
            } catch (IOException | JoseException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "The keys cannot be fetched from {0}: {1}", url, e);
            }
        });
    }
}
