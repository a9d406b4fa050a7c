package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import dev.hubbub.client.Knock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A Tomcat as one unpacks it, with a folder of its own for what is configured and deployed. */
final class TomcatProcess implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("tomcat.home"));
    private static final Path WAR = Path.of(System.getProperty("hubbub.war"));

    /** What server-config/tomcat says of the connector. */
    private static final String CONNECTOR = "maxConnections=\"20000\"\n"
            + "               socket.appReadBufSize=\"1024\" socket.appWriteBufSize=\"1024\"";

    final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final Path base;
    private final int port;
    private Process process;

    /** @param base an empty folder */
    TomcatProcess(Path base) throws IOException {
        this.base = base;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String folder : List.of("bin", "conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectory(base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(HOME.resolve("conf"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        assertThat(Files.readString(Path.of("server-config/tomcat/README.md"))).contains(CONNECTOR);
        configure(
                "server.xml",
                "<Connector port=\"8080\" protocol=\"HTTP/1.1\"",
                "<Connector port=\"" + port + "\" address=\"127.0.0.1\" protocol=\"HTTP/1.1\" " + CONNECTOR);
        configure("server.xml", "port=\"8005\"", "port=\"-1\"");
        // looks for what is new every second, and not every ten
        configure(
                "server.xml", "<Engine name=\"Catalina\"", "<Engine name=\"Catalina\" backgroundProcessorDelay=\"1\"");
        Files.copy(Path.of("server-config/tomcat/bin/setenv.sh"), base.resolve("bin/setenv.sh"));
    }

    /** Changes a text in a file of the configuration. */
    void configure(String file, String before, String after) throws IOException {
        Path path = base.resolve("conf").resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(before);
        Files.writeString(path, text.replace(before, after));
    }

    void start() throws IOException {
        String script = HOME.resolve("bin/catalina.sh").toString();
        ProcessBuilder builder = new ProcessBuilder("sh", script, "run").redirectErrorStream(true);
        builder.environment().put("CATALINA_BASE", base.toString());
        builder.environment().put("CATALINA_HOME", HOME.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        Thread reader = new Thread(this::read, "tomcat-output");
        reader.setDaemon(true);
        reader.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> has("Server startup in"));
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(output::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            output.add(e.toString());
        }
    }

    boolean has(String text) {
        synchronized (output) {
            return output.stream().anyMatch(line -> line.contains(text));
        }
    }

    /** Where an application is; with its context path, "" for the root. */
    URI url(String context) {
        return URI.create("http://127.0.0.1:" + port + context + "/");
    }

    URI events(String context) {
        return URI.create("ws://127.0.0.1:" + port + context + "/events");
    }

    /** Deploys the WAR as the build made it, under this name, and waits for it. */
    void deploy(String name) throws IOException {
        deploy(WAR, name);
    }

    void deploy(Path war, String name) throws IOException {
        Path part = base.resolve("temp").resolve(name + ".part");
        Files.copy(war, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, base.resolve("webapps").resolve(name + ".war")); // all of it at once
        String context = name.equals("ROOT") ? "" : "/" + name.replaceAll("##.*", "");
        await().atMost(Duration.ofSeconds(60)).until(() -> health(context) == 200);
    }

    void undeploy(String name) throws IOException {
        Files.delete(base.resolve("webapps").resolve(name + ".war"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !Files.exists(base.resolve("webapps").resolve(name)));
    }

    int health(String context) throws IOException {
        return Knock.request(url(context), "GET", "health", "").status();
    }

    /** What one sees with jconsole on the same machine. */
    JMXConnector jmx() throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }

    private long pid() {
        return process.pid(); // the script execs java
    }

    /** What {@code jcmd} says. */
    String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        command)
                .start();
        try (InputStream answer = jcmd.getInputStream()) {
            String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jcmd.waitFor()).as(text).isZero();
            return text;
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
