package dev.hubbub.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** WildFly with its standalone configuration. */
final class WildFlyProcess extends ServerProcess {
    private static final int HTTP = 8080;
    private static final int HTTPS = 8443;
    private static final int MANAGEMENT = 9990;

    private final Path home;

    WildFlyProcess(Path home, Path base) throws IOException {
        super(base);
        this.home = home;
    }

    @Override
    String dataSourceName() {
        return "java:/jdbc/hubbub";
    }

    private int offset() {
        return port - HTTP;
    }

    void cli(String argument) throws IOException, InterruptedException {
        call(
                Map.of(),
                "sh",
                home.resolve("bin/jboss-cli.sh").toString(),
                "--connect",
                "--controller=127.0.0.1:" + (MANAGEMENT + offset()),
                argument);
    }

    @Override
    void start() throws IOException, InterruptedException {
        copyFolder(home.resolve("standalone"), base.resolve("standalone"));
        addUser("kim", "staff");
        addUser("lee", "other");
        run(
                Map.of(),
                base,
                "sh",
                home.resolve("bin/standalone.sh").toString(),
                "-b",
                "127.0.0.1",
                "-Djboss.server.base.dir=" + base.resolve("standalone"),
                "-Djboss.socket.binding.port-offset=" + offset());
        awaitOutput("WFLYSRV0025");
        cli("--file=" + CONFIG.resolve("wildfly/hubbub.cli"));
        if (hasDatabase()) {
            cli("deploy " + jarOf(org.postgresql.Driver.class));
            cli("--file=" + copyDataSource("wildfly/datasource.cli", base.resolve("datasource.cli")));
        }
    }

    private void addUser(String name, String group) throws IOException, InterruptedException {
        String configuration = base.resolve("standalone/configuration").toString();
        String script = home.resolve("bin/add-user.sh").toString();
        call(Map.of(), "sh", script, "-a", "-s", "-sc", configuration, "-u", name, "-p", "secret", "-g", group);
    }

    @Override
    Path deployments() {
        return base.resolve("standalone/deployments");
    }

    @Override
    Path accessLogs() {
        return base.resolve("standalone/log");
    }

    @Override
    URI secureUrl(String context) {
        return URI.create("https://127.0.0.1:" + (HTTPS + offset()) + context + "/");
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        cli("--command=shutdown");
    }
}
