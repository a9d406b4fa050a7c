package dev.hubbub.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.hubbub.client.Keystore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Jetty 12.1, for one version of Jakarta EE. */
final class JettyProcess extends ServerProcess {
    private final Path home;
    private final String platform;
    private int securePort;

    /** @param platform ee10 or ee11 */
    JettyProcess(Path home, String platform, Path base) throws IOException {
        super(base);
        this.home = home;
        this.platform = platform;
    }

    @Override
    void start() throws IOException, InterruptedException {
        securePort = freePort();
        String start = home.resolve("start.jar").toString();
        // if start.d/ exists, Jetty writes its configuration into it
        Files.createDirectory(base.resolve("start.d"));
        String modules =
                "http,https,requestlog,ee10-deploy,ee10-annotations,ee10-websocket-jakarta".replace("ee10", platform);
        if (Runtime.version().feature() >= VIRTUAL_THREADS) {
            modules += ",threadpool-virtual";
        }
        call(Map.of(), java(), "-jar", start, "--add-modules=" + modules);
        Files.copy(CONFIG.resolve("jetty/start.d/hubbub.ini"), base.resolve("start.d/hubbub.ini"));
        Files.createDirectories(base.resolve("etc"));
        Keystore.create(base.resolve("etc/hubbub.p12"));
        for (String file : List.of("etc/users.xml", "etc/users.properties")) {
            Files.copy(CONFIG.resolve("jetty").resolve(file), base.resolve(file));
        }
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-jar",
                start,
                "jetty.http.host=127.0.0.1",
                "jetty.http.port=" + port,
                "jetty.ssl.host=127.0.0.1",
                "jetty.ssl.port=" + securePort,
                "etc/users.xml"));
        if (hasDatabase()) {
            call(Map.of(), java(), "-jar", start, "--add-modules=ext");
            copyJar(org.postgresql.Driver.class, base.resolve("lib/ext"));
            copyJar(HikariDataSource.class, base.resolve("lib/ext"));
            copyDataSource("jetty/etc/datasource.xml", base.resolve("etc/datasource.xml"));
            command.add("etc/datasource.xml");
        }
        run(Map.of(), base, command.toArray(String[]::new));
        awaitOutput("Started oejs.Server@");
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
        return URI.create("https://127.0.0.1:" + securePort + context + "/");
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        terminate();
    }
}
