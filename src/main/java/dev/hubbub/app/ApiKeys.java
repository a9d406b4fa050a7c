package dev.hubbub.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys that callers of the HTTP API may send. If they are in a file, a renewed one is read without a restart. */
public final class ApiKeys {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final String FILE = "file:";

    /** More is not a file of keys. */
    private static final long MAX_FILE = 65_536;

    /** What a client can send behind {@code Bearer}, long enough that nobody guesses it. */
    static final Pattern KEY = Pattern.compile("[!-~]{32,1000}");

    private static final Pattern SEPARATORS = Pattern.compile("[\\s,]+");

    private volatile List<String> current = List.of();

    // Guarded by this.
    private Path file;
    private String read;
    private String failed;

    static boolean inFile(String setting) {
        return setting.startsWith(FILE);
    }

    /** The keys in the text of the setting; none if they are in a file. @throws IllegalArgumentException if one is invalid */
    static List<String> parse(String setting) {
        return inFile(setting) ? List.of() : keys(setting);
    }

    private static List<String> keys(String text) {
        List<String> keys =
                SEPARATORS.splitAsStream(text).filter(key -> !key.isEmpty()).toList();
        if (!keys.stream().allMatch(key -> KEY.matcher(key).matches())) {
            throw Setting.API_KEYS.invalid("***", null);
        }
        return keys;
    }

    /**
     * Uses other keys from now on.
     *
     * @throws IllegalArgumentException if one is invalid, or the file cannot be read; then the present keys remain
     */
    synchronized void use(String setting) {
        if (!inFile(setting)) {
            current = keys(setting);
            file = null;
            return;
        }
        try {
            Path named = Path.of(setting.substring(FILE.length()));
            String version = version(named);
            current = keysIn(named);
            file = named;
            read = version;
            failed = null;
        } catch (IOException e) {
            throw new IllegalArgumentException(Setting.API_KEYS.key() + " cannot be used: " + reason(e), e);
        }
    }

    /** The keys now; another list after a change. */
    public List<String> current() {
        return current;
    }

    /** Reads the file if it has changed. If it cannot be used, the present keys remain, and each check tries again. */
    synchronized void reload() {
        if (file == null) {
            return;
        }
        String version = null;
        try {
            version = version(file);
            if (version.equals(read)) {
                return;
            }
            current = keysIn(file);
            read = version;
            failed = null;
            LOG.log(
                    System.Logger.Level.INFO,
                    "The renewed API keys in {0} are used: {1}",
                    file,
                    Integer.toString(current.size()));
        } catch (IOException | IllegalArgumentException e) {
            String problem = version + reason(e);
            if (!problem.equals(failed)) {
                failed = problem;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The renewed API keys cannot be used, and the present ones remain: {0}",
                        reason(e));
            }
        }
    }

    /** The message of an exception of the file system is only a path. */
    private static String reason(Exception e) {
        return e instanceof FileSystemException ? e.toString() : e.getMessage();
    }

    /** One key in a line; lines that begin with # are comments. */
    private static List<String> keysIn(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " has more than " + MAX_FILE + " bytes");
        }
        try (Stream<String> lines = Files.lines(file)) {
            List<String> keys = lines.map(String::strip)
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> keys(line).stream())
                    .toList();
            if (keys.isEmpty()) { // probably it is just being written
                throw new IOException(file + " has no keys");
            }
            return keys;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A file that was replaced, also by a link to another one, has another time of modification. */
    private static String version(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (NoSuchFileException e) {
            throw new IOException("There is no file " + file, e);
        }
    }
}
