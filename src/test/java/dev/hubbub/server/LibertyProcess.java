package dev.hubbub.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Open Liberty with the server.xml in server-config. */
final class LibertyProcess extends ServerProcess {
    private static final String NAME = "hubbub";

    private final Path home;
    private int securePort;

    LibertyProcess(Path home, Path base) throws IOException {
        super(base);
        this.home = home;
    }

    private Map<String, String> environment() {
        return Map.of("WLP_USER_DIR", base.toString());
    }

    private Path server() {
        return base.resolve("servers").resolve(NAME);
    }

    @Override
    void start() throws IOException {
        securePort = freePort();
        Files.createDirectories(deployments());
        Files.copy(CONFIG.resolve("liberty/server.xml"), server().resolve("server.xml"));
        replace(server().resolve("server.xml"), "httpPort=\"9080\"", "httpPort=\"" + port + "\"");
        replace(server().resolve("server.xml"), "httpsPort=\"9443\"", "httpsPort=\"" + securePort + "\"");
        replace(
                server().resolve("server.xml"),
                "</basicRegistry>",
                "<user name=\"kim\" password=\"secret\"/><group name=\"staff\"><member name=\"kim\"/></group>"
                        + "<user name=\"lee\" password=\"secret\"/><group name=\"other\"><member name=\"lee\"/></group>"
                        + "</basicRegistry>");
        if (hasDatabase()) {
            copyJar(org.postgresql.Driver.class, server().resolve("jdbc"));
            copyDataSource("liberty/datasource.xml", server().resolve("configDropins/overrides/datasource.xml"));
        }
        run(environment(), base, "sh", home.resolve("bin/server").toString(), "run", NAME);
        awaitOutput("CWWKF0011I");
    }

    @Override
    Path deployments() {
        return server().resolve("dropins");
    }

    @Override
    Path accessLogs() {
        return server().resolve("logs");
    }

    @Override
    URI secureUrl(String context) {
        return URI.create("https://127.0.0.1:" + securePort + context + "/");
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        call(environment(), "sh", home.resolve("bin/server").toString(), "stop", NAME);
    }
}
