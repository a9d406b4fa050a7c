package dev.hubbub.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Payara Server or GlassFish, with its own domain. */
final class GlassFishProcess extends ServerProcess {
    private static final String DOMAIN = "hubbub";

    // Offsets that asadmin adds to --portbase.
    private static final int HTTP = 80;
    private static final int HTTPS = 81;
    private static final int ADMIN = 48;

    private final Path home;
    private final String config;

    /** @param config the folder in server-config */
    GlassFishProcess(Path home, String config, Path base) throws IOException {
        super(base);
        this.home = home;
        this.config = config;
    }

    private int portBase() {
        return port - HTTP;
    }

    private void asadmin(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/asadmin").toString()));
        command.addAll(List.of("--port", Integer.toString(portBase() + ADMIN)));
        command.addAll(List.of(arguments));
        call(Map.of("AS_JAVA", System.getProperty("java.home")), command.toArray(String[]::new));
    }

    /** Disables a deployed application and enables it again. */
    void restart(String application) throws IOException, InterruptedException {
        asadmin("disable", application);
        asadmin("enable", application);
    }

    private Path domain() {
        return base.resolve(DOMAIN);
    }

    @Override
    void start() throws IOException, InterruptedException {
        asadmin(
                "create-domain",
                "--nopassword=true",
                "--checkports=false",
                "--portbase",
                Integer.toString(portBase()),
                "--domaindir",
                base.toString(),
                DOMAIN);
        Path settings = domain().resolve("config/domain.xml");
        replace(settings, "address=\"0.0.0.0\"", "address=\"127.0.0.1\"");
        String text = Files.readString(settings);
        Files.writeString(
                settings,
                text.replaceAll("<hazelcast-runtime-configuration[^>]*>", "")
                        .replace("</hazelcast-runtime-configuration>", ""));
        // Without --verbose, asadmin sometimes waits for ten minutes although the server has started.
        run(
                Map.of("AS_JAVA", System.getProperty("java.home")),
                base,
                home.resolve("bin/asadmin").toString(),
                "start-domain",
                "--verbose",
                "--domaindir",
                base.toString(),
                DOMAIN);
        awaitOutput("startup time");
        asadmin(
                "multimode",
                "--file",
                CONFIG.resolve(config).resolve("hubbub.asadmin").toString());
        if (hasDatabase()) {
            asadmin("add-library", jarOf(org.postgresql.Driver.class).toString());
            Path commands = copyDataSource(config + "/datasource.asadmin", base.resolve("datasource.asadmin"));
            asadmin("multimode", "--file", commands.toString());
        }
        addUser("kim", "staff");
        addUser("lee", "other");
        Files.createDirectories(deployments());
    }

    private void addUser(String name, String group) throws IOException, InterruptedException {
        Path password = base.resolve("password");
        Files.writeString(password, "AS_ADMIN_PASSWORD=\nAS_ADMIN_USERPASSWORD=secret\n");
        asadmin("--passwordfile", password.toString(), "create-file-user", "--groups", group, name);
    }

    @Override
    Path deployments() {
        return domain().resolve("autodeploy");
    }

    @Override
    Path accessLogs() {
        return domain().resolve("logs/access");
    }

    @Override
    URI secureUrl(String context) {
        return URI.create("https://127.0.0.1:" + (portBase() + HTTPS) + context + "/");
    }

    @Override
    long pid() throws IOException {
        return Long.parseLong(Files.readString(domain().resolve("config/pid")).strip());
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        asadmin("stop-domain", "--domaindir", base.toString(), DOMAIN);
    }

    @Override
    public void close() {
        try {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException stopped) {
            output.add(stopped.toString());
        }
    }
}
