package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java of the documentation compiles: files, members of a class (such as classes and methods), and statements. What a snippet takes for granted is in
 * {@link Given}. {@code { ... }} stands for a body, and {@code -> ...} for what a lambda does.
 */
class JavaSnippetsTest {
    private static final String IMPORTS = String.join(
            " ",
            "import dev.hubbub.*; import dev.hubbub.Timer; import dev.hubbub.test.*;",
            "import static dev.hubbub.docs.Given.*;",
            "import jakarta.annotation.security.*; import jakarta.inject.*; import jakarta.transaction.Transactional;",
            "import jakarta.servlet.*; import jakarta.servlet.annotation.*; import jakarta.servlet.http.*;",
            "import jakarta.validation.Valid; import jakarta.validation.constraints.*; import jakarta.ws.rs.*;",
            "import jakarta.websocket.OnMessage; import jakarta.websocket.OnOpen; import jakarta.websocket.OnClose;",
            "import jakarta.websocket.Session; import jakarta.websocket.server.ServerEndpoint;",
            "import java.io.*; import java.nio.*; import java.time.*; import java.util.*; import java.util.concurrent.*;",
            "import java.nio.file.Files; import java.security.Principal; import java.util.stream.*;",
            "import io.micrometer.core.instrument.*; import java.lang.management.*; import javax.management.*;",
            "import dev.hubbub.management.HubbubMXBean;",
            "import org.junit.jupiter.api.Test; import org.junit.jupiter.api.extension.RegisterExtension;",
            "import static org.junit.jupiter.api.Assertions.*;");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** What can be around a snippet. All of it is on one line, so that the lines of messages are those of the snippet. */
    private enum Form {
        FILE("", ""),
        MEMBERS(IMPORTS + " @SuppressWarnings(\"all\") class Snippet {", "}"),
        STATEMENTS(IMPORTS + " class Snippet { void snippet() throws Exception {", "}}");

        final String before;
        final String after;

        Form(String before, String after) {
            this.before = before;
            this.after = after;
        }

        static Form of(Snippet snippet) throws IOException {
            if (snippet.code().startsWith("package ")) {
                return FILE;
            }
            return new Source(snippet, MEMBERS).canBeParsed() ? MEMBERS : STATEMENTS;
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        final Snippet snippet;
        private final String text;

        Source(Snippet snippet, Form form) {
            super(
                    URI.create("string:///" + Path.of(snippet.toString()).getFileName()
                            + (snippet.file() == null
                                    ? "/Snippet.java"
                                    : "/" + Path.of(snippet.file()).getFileName())),
                    Kind.SOURCE);
            this.snippet = snippet;
            String code = snippet.code().replace("{ ... }", "{ throw null; }").replace("-> ...", "-> {}");
            // A package for each snippet, so that snippets can have classes with the same name.
            String own = form == Form.FILE
                    ? ""
                    : "package " + snippet.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_") + "; ";
            text = own + form.before + code + form.after;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        boolean canBeParsed() throws IOException {
            DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
            ((JavacTask) COMPILER.getTask(null, null, problems, null, null, List.of(this))).parse();
            return problems.getDiagnostics().isEmpty();
        }

        String says(Diagnostic<?> problem) {
            return snippet.page() + ":" + (snippet.line() + problem.getLineNumber() - 1) + " "
                    + problem.getMessage(null);
        }
    }

    /** The messages of the compiler for these snippets. */
    private static List<String> problems(List<Snippet> snippets, Path classes) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Snippet snippet : snippets) {
            sources.add(new Source(snippet, Form.of(snippet)));
        }
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        COMPILER.getTask(
                        null,
                        null,
                        problems,
                        List.of(
                                "-parameters",
                                "-proc:none",
                                "-Xmaxerrs",
                                "1000",
                                "-XDshould-stop.ifError=FLOW",
                                "-d",
                                classes.toString()),
                        null,
                        sources)
                .call();
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> ((Source) problem.getSource()).says(problem))
                .toList();
    }

    @Test
    void theJavaOfTheDocumentationCompiles(@TempDir Path classes) throws Exception {
        List<Snippet> snippets = Snippet.in("java").toList();
        assertThat(snippets).hasSizeGreaterThan(20);
        assertThat(problems(snippets, classes)).isEmpty();
    }

    @Test
    void aBrokenSnippetIsFound(@TempDir Path classes) throws Exception {
        Snippet broken =
                new Snippet(Path.of("page.md"), 10, "java", null, "client.emit(\"x\");\nclient.emmit(\"x\");\n");
        assertThat(problems(List.of(broken), classes))
                .singleElement()
                .asString()
                .startsWith("page.md:11 ");
    }
}
