package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles the sources of an application against this Hubbub. */
public final class Sources {
    private Sources() {}

    /**
     * Compiles all sources below a folder.
     *
     * @param classes where the classes are put, and found if they have been compiled before; it is created if it does not exist
     */
    public static void compile(Path folder, Path classes) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        assertThat(files).isNotEmpty();
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-parameters", "-proc:none", "-classpath", classPath, "-d", classes.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null)
                                .getJavaFileObjects(files.toArray(Path[]::new)))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }
}
