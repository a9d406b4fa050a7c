package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import dev.hubbub.client.Keystore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Tomcat, or TomEE, which is based on it. */
final class TomcatProcess extends ServerProcess {
    static final Path WAR = Path.of(System.getProperty("hubbub.war"));

    /** The attributes of the connector in server-config/tomcat. */
    private static final String CONNECTOR = "maxConnections=\"20000\"\n"
            + "               socket.appReadBufSize=\"1024\" socket.appWriteBufSize=\"1024\"";

    private final Path home;
    private int securePort;

    TomcatProcess(Path home, Path base) throws IOException {
        super(base);
        this.home = home;
        for (String folder : List.of("bin", "conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectory(this.base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, this.base.resolve("conf").resolve(file.getFileName()));
            }
        }
        assertThat(Files.readString(CONFIG.resolve("tomcat/README.md"))).contains(CONNECTOR);
        configure(
                "server.xml",
                "<Connector port=\"8080\" protocol=\"HTTP/1.1\"",
                "<Connector port=\"" + port + "\" address=\"127.0.0.1\" protocol=\"HTTP/1.1\" " + CONNECTOR
                        + (Runtime.version().feature() >= VIRTUAL_THREADS ? " useVirtualThreads=\"true\"" : ""));
        configure("server.xml", "port=\"8005\"", "port=\"-1\"");
        // scans for deployments every second instead of every ten
        configure(
                "server.xml", "<Engine name=\"Catalina\"", "<Engine name=\"Catalina\" backgroundProcessorDelay=\"1\"");
        configure(
                "tomcat-users.xml",
                "</tomcat-users>",
                "<user username=\"kim\" password=\"secret\" roles=\"staff\"/>"
                        + "<user username=\"lee\" password=\"secret\" roles=\"other\"/></tomcat-users>");
        Files.copy(CONFIG.resolve("tomcat/bin/setenv.sh"), this.base.resolve("bin/setenv.sh"));
    }

    /** Adds the TLS connector in server-config/tomcat. */
    void secure() throws IOException, InterruptedException {
        securePort = freePort();
        Keystore.create(base.resolve("conf/hubbub.p12"));
        String connector = Files.readString(CONFIG.resolve("tomcat/conf/tls-connector.xml"))
                .replace("port=\"8443\"", "port=\"" + securePort + "\" address=\"127.0.0.1\"");
        String engine = "<Engine name=\"Catalina\" backgroundProcessorDelay=\"1\" defaultHost=\"localhost\">";
        configure("server.xml", engine, connector + engine);
    }

    /** Adds the setting in server-config/tomcat, for all applications. */
    void trustLocalProxies() throws IOException {
        configure(
                "context.xml",
                "</Context>",
                Files.readString(CONFIG.resolve("tomcat/conf/parameters.xml")) + "</Context>");
    }

    /** Replaces a text in a configuration file. */
    void configure(String file, String before, String after) throws IOException {
        replace(base.resolve("conf").resolve(file), before, after);
    }

    private void addDataSource() throws IOException {
        copyJar(org.postgresql.Driver.class, base.resolve("lib"));
        Path resource = copyDataSource("tomcat/conf/datasource.xml", base.resolve("datasource.xml"));
        configure("context.xml", "</Context>", Files.readString(resource) + "</Context>");
    }

    @Override
    void start() throws IOException {
        if (hasDatabase()) {
            addDataSource();
        }
        run(
                Map.of("CATALINA_BASE", base.toString(), "CATALINA_HOME", home.toString()),
                base,
                "sh",
                home.resolve("bin/catalina.sh").toString(),
                "run");
        awaitOutput("Server startup in");
    }

    @Override
    Path deployments() {
        return base.resolve("webapps");
    }

    @Override
    Path accessLogs() {
        return base.resolve("logs");
    }

    @Override
    URI secureUrl(String context) {
        return securePort == 0 ? null : URI.create("https://127.0.0.1:" + securePort + context + "/");
    }

    /** The processor time that the server has used. */
    Duration cpu() throws IOException {
        return ProcessHandle.of(pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    /** Deploys the WAR of the build with this name and waits until it answers. */
    void deploy(String name) throws IOException {
        deploy(WAR, name);
    }

    @Override
    void undeploy(String name) throws IOException {
        Files.delete(deployments().resolve(name + ".war"));
        await().atMost(TIMEOUT).until(() -> !Files.exists(deployments().resolve(name)));
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        terminate();
    }

    /** A JMX connection as jconsole makes it on the same machine. */
    JMXConnector jmx() throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }
}
