package dev.hubbub.client;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs that a test needs. A test without them is skipped, or fails if {@code hubbub.test.required} is set. */
public final class Tools {
    private static final List<String> PATH = List.of(System.getenv("PATH").split(File.pathSeparator));

    private Tools() {}

    /** Requires one of these programs on the PATH and returns it. */
    public static Path need(String what, String... names) {
        Path found = Stream.of(names)
                .flatMap(name -> PATH.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        need(found != null, "This test needs " + what + " on the PATH");
        return found;
    }

    /** Requires Socket.IO's browser client, which a build without npm does not contain. */
    public static void needClientScripts() {
        need(
                Tools.class.getResource("/META-INF/resources/socket.io/socket.io.min.js") != null,
                "This test needs a build with the Socket.IO client script");
    }

    private static void need(boolean available, String message) {
        if (Boolean.getBoolean("hubbub.test.required")) {
            assertTrue(available, message + ", and hubbub.test.required forbids skipping it");
        }
        assumeTrue(available, message);
    }
}
