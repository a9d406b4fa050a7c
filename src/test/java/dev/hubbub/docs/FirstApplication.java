package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The application of the guide {@code first-application.md}, in {@code target/first-application}. */
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

    /** Compiles {@code src/main/java} or {@code src/test/java} of a folder and returns the folder of the classes. */
    public static Path compile(Path folder, String sources, Path classes) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder.resolve(sources))) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(files).isNotEmpty();
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String classPath = System.getProperty("java.class.path") + java.io.File.pathSeparator + classes;
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-cp", classPath, "-d", classes.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null)
                                .getJavaFileObjects(files.toArray(Path[]::new)))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        return classes;
    }
}
