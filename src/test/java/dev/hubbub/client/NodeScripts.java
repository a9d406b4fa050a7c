package dev.hubbub.client;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the scripts in src/test/js, which use the npm clients {@code ws} and {@code socket.io-client}, with Node. */
public final class NodeScripts {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path RESOURCES = Path.of("src/main/resources/META-INF/resources");
    private static final Path WORK = Path.of("target/js");
    private static final Path INSTALLED = WORK.resolve("node_modules/.installed.json");

    private NodeScripts() {}

    /** The tutorial, by {@code ws}, which offers permessage-deflate as browsers do. */
    static void tutorial(URI events) throws IOException, InterruptedException {
        Path node = prepare();
        assertThat(run(node.toString(), "tutorial.mjs", events.toString())).contains("tutorial passed");
    }

    /** The scenarios of {@code socket.io-client}. */
    static void socketIo(URI page) throws IOException, InterruptedException {
        Path node = prepare();
        assertThat(run(node.toString(), "socketio.mjs", page.toString())).contains("socketio passed");
    }

    /** The chat of the tutorials, by {@code socket.io-client}. */
    public static void chat(URI page) throws IOException, InterruptedException {
        Path node = prepare();
        assertThat(run(node.toString(), "chat.mjs", page.toString())).contains("chat passed");
    }

    /** Compressed events, by {@code ws}; the server must accept permessage-deflate. */
    public static void deflate(URI events) throws IOException, InterruptedException {
        Path node = prepare();
        assertThat(run(node.toString(), "deflate.mjs", events.toString())).contains("deflate passed");
    }

    /** Runs a program of an npm package and returns its output. */
    public static String npx(String... command) throws IOException, InterruptedException {
        prepare();
        List<String> all = new ArrayList<>(List.of(command));
        all.set(
                0,
                WORK.resolve("node_modules/.bin")
                        .resolve(command[0])
                        .toAbsolutePath()
                        .toString());
        return run(all.toArray(String[]::new));
    }

    /** Runs a script for at most these seconds and returns its output; fails if the script does. */
    public static String run(int seconds, String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(prepare().toString(), script));
        command.addAll(List.of(arguments));
        return run(seconds, command.toArray(String[]::new));
    }

    /** The contents of a file of an npm package. */
    public static String installed(String file) throws IOException, InterruptedException {
        prepare();
        return Files.readString(WORK.resolve("node_modules").resolve(file));
    }

    /** The directory in which scripts run. */
    public static Path work() {
        return WORK;
    }

    /** Starts a script that runs until it is destroyed. */
    public static Process start(String script, String... arguments) throws IOException, InterruptedException {
        return builder(script, arguments).inheritIO().start();
    }

    /** As {@link #start}, but the caller reads the output. */
    public static Process pipe(String script, String... arguments) throws IOException, InterruptedException {
        return builder(script, arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static ProcessBuilder builder(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(prepare().toString(), script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(WORK.toFile());
    }

    private static synchronized Path prepare() throws IOException, InterruptedException {
        Path node = Tools.need("Node", "node");
        Path npm = Tools.need("npm", "npm");
        Files.createDirectories(WORK);
        try (FileChannel lock = FileChannel.open(WORK.resolve(".lock"), CREATE, WRITE)) {
            lock.lock(); // tests run in several processes; it is released when the file is closed
            prepare(npm);
        }
        return node;
    }

    private static void prepare(Path npm) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                copy(file);
            }
        }
        for (String file : List.of("hubbub.js", "hubbub.d.ts")) {
            copy(RESOURCES.resolve(file));
        }
        if (!isInstalled()) {
            run(npm.toString(), "ci", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts");
            Files.copy(WORK.resolve("package-lock.json"), INSTALLED, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void copy(Path file) throws IOException {
        Path copied = WORK.resolve(file.getFileName());
        if (!Files.exists(copied) || Files.mismatch(file, copied) >= 0) {
            Files.copy(file, copied, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isInstalled() throws IOException {
        return Files.exists(INSTALLED) && Files.mismatch(WORK.resolve("package-lock.json"), INSTALLED) < 0;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        return run(120, command);
    }

    private static String run(int seconds, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(WORK, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", command) + "\n" + text)
                .isTrue();
        return text;
    }
}
