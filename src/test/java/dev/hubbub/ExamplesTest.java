package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples and their tests compile against this Hubbub, which they name by its version. */
class ExamplesTest {
    @ParameterizedTest
    @ValueSource(strings = {"gif-chat", "ticker", "tutorial-chat"})
    void anExampleCompiles(String example, @TempDir Path classes) throws Exception {
        Path folder = Path.of("src/examples", example);
        List<String> sources;
        try (Stream<Path> files = Files.walk(folder)) {
            sources = files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .toList();
        }
        assertThat(sources).hasSizeGreaterThan(1);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-parameters", "-proc:none", "-d", classes.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null)
                                .getJavaFileObjects(sources.toArray(String[]::new)))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<]*)</version>.*", "$1");
        // Well-formed: Maven also rejects two dashes in a comment.
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile());
        assertThat(Files.readString(folder.resolve("pom.xml")))
                .contains("<hubbub.version>" + version + "</hubbub.version>");
    }
}
