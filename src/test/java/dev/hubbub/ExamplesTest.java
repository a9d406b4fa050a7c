package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.docs.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Sources.compile(folder, classes);
        String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<]*)</version>.*", "$1");
        // Well-formed: Maven also rejects two dashes in a comment.
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile());
        assertThat(Files.readString(folder.resolve("pom.xml")))
                .contains("<hubbub.version>" + version + "</hubbub.version>");
    }
}
