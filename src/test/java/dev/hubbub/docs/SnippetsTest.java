package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hubbub.client.Tools;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** What the documentation has in other languages than Java can be parsed. */
class SnippetsTest {
    private static final Pattern SCRIPT =
            Pattern.compile("<script[^>]*>((?:(?!</script>).)+)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    static Stream<Snippet> shell() {
        return Snippet.in("sh");
    }

    static Stream<Snippet> scripts() {
        return Snippet.in("js", "ts");
    }

    static Stream<Snippet> pages() {
        return Snippet.in("html");
    }

    static Stream<Snippet> json() {
        return Snippet.in("json");
    }

    static Stream<Snippet> xml() {
        return Snippet.in("xml");
    }

    private void run(Snippet snippet, Path program, String option, String name, String code) throws Exception {
        Path file = Files.writeString(folder.resolve(name), code);
        Process process = new ProcessBuilder(program.toString(), option, file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(snippet + "\n" + output).isZero();
    }

    private void javascript(Snippet snippet, String code) throws Exception {
        run(snippet, Tools.need("Node", "node"), "--check", "snippet.mjs", code.replace("{ ... }", "{}"));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void javaScript(Snippet snippet) throws Exception {
        javascript(snippet, snippet.code().replaceAll("import type .*", "").replaceAll(" as \\w+;", ";"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaScriptOfPages(Snippet snippet) throws Exception {
        Matcher script = SCRIPT.matcher(snippet.code());
        while (script.find()) {
            javascript(snippet, script.group(1));
        }
    }

    @ParameterizedTest
    @MethodSource("shell")
    void shell(Snippet snippet) throws Exception {
        run(snippet, Tools.need("Bash", "bash"), "-n", "snippet.sh", snippet.code());
    }

    @ParameterizedTest
    @MethodSource("json")
    void json(Snippet snippet) {
        try (JsonParser parser = Json.createParser(new StringReader(snippet.code()))) {
            parser.next();
            parser.getValue();
            assertThat(parser.hasNext()).as(snippet + " is one value").isFalse();
        } catch (JsonException e) {
            fail(snippet + ": " + e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("xml")
    void xml(Snippet snippet) throws Exception {
        // The part of a file may have several elements.
        String code = snippet.code().startsWith("<?xml") ? snippet.code() : "<part>" + snippet.code() + "</part>";
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        parser.setErrorHandler(null);
        try {
            parser.parse(new InputSource(new StringReader(code)));
        } catch (SAXParseException e) {
            fail(snippet + ", line " + e.getLineNumber() + ": " + e.getMessage());
        }
    }
}
