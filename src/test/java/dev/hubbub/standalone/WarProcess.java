package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** {@code java -jar hubbub.war} in a process of its own. */
public final class WarProcess implements AutoCloseable {
    public final List<String> output = new CopyOnWriteArrayList<>();
    public final Process process;
    private final CompletableFuture<URI> url = new CompletableFuture<>();

    public WarProcess(List<String> javaOptions, String... arguments) throws IOException {
        this(System.getProperty("hubbub.war"), Map.of(), javaOptions, arguments);
    }

    private WarProcess(String war, Map<String, String> environment, List<String> javaOptions, String... arguments)
            throws IOException {
        this(command(war, javaOptions, arguments), environment);
    }

    private static List<String> command(String war, List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.add("-jar");
        command.add(war);
        command.addAll(List.of(arguments));
        return command;
    }

    private WarProcess(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        Thread reader = new Thread(this::read, "war-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the WAR on a free port. */
    public static WarProcess start(String... javaOptions) throws IOException {
        return new WarProcess(List.of(javaOptions), "--port", "0");
    }

    /** Starts the WAR on a free port, in a process that may not have more file descriptors. */
    public static WarProcess startWithDescriptors(int limit, String... javaOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh"));
        command.addAll(command(System.getProperty("hubbub.war"), List.of(javaOptions), "--port", "0"));
        return new WarProcess(command, Map.of());
    }

    /** Starts another WAR on a free port. */
    public static WarProcess start(Path war) throws IOException {
        return new WarProcess(war.toString(), Map.of(), List.of(), "--port", "0");
    }

    /** Starts the WAR on a free port with environment variables. */
    public static WarProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of(arguments));
        return new WarProcess(System.getProperty("hubbub.war"), environment, List.of(), all.toArray(String[]::new));
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith("Hubbub is listening at ")) {
                    url.complete(URI.create(line.split(" +")[4]));
                }
            }
        } catch (IOException e) {
            url.completeExceptionally(e); // the stream is closed when the process ends
        }
        url.completeExceptionally(new IllegalStateException(String.join("\n", output)));
    }

    public URI events() {
        return EventClient.events(url());
    }

    /** {@code STOP} or {@code CONT}. */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    public URI url() {
        return url.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Sends SIGTERM and waits until the process has ended. */
    public int terminate() throws InterruptedException {
        process.toHandle().destroy(); // Process.destroy would close the output as well
        assertThat(process.waitFor(15, TimeUnit.SECONDS))
                .as(String.join("\n", output))
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
