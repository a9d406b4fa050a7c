package dev.hubbub.client;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a test needs of the machine. Where it lacks, the test is skipped, unless skipping is forbidden. */
public final class Tools {
    private static final List<String> PLACES = List.of(System.getenv("PATH").split(java.io.File.pathSeparator));

    private Tools() {}

    public static Path need(String what, String... names) {
        Path found = Stream.of(names)
                .flatMap(name -> PLACES.stream().map(place -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        String message = "This test needs " + what + " on the PATH";
        if (Boolean.getBoolean("hubbub.test.required")) {
            assertTrue(found != null, message + ", and hubbub.test.required forbids to skip it");
        }
        assumeTrue(found != null, message);
        return found;
    }
}
