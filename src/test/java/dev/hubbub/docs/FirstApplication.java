package dev.hubbub.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The application of the guide {@code first-application.md}. */
public final class FirstApplication {
    private static final Path GUIDE = Path.of("src/site/markdown/first-application.md");

    private FirstApplication() {}

    /** Writes the files of the guide into a folder, as a reader does. */
    public static Path write(Path folder) throws IOException {
        for (Snippet snippet : Snippet.of(GUIDE)) {
            if (snippet.file() != null) {
                Path file = folder.resolve(snippet.file());
                Files.createDirectories(file.getParent());
                Files.writeString(file, snippet.code());
            }
        }
        return folder;
    }
}
