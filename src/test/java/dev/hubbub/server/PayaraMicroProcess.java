package dev.hubbub.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Payara Micro: one JAR that gets its application on the command line. */
final class PayaraMicroProcess extends ServerProcess {
    private final Path jar;
    private final Path war;
    private final String context;

    PayaraMicroProcess(Path jar, Path war, String context, Path base) throws IOException {
        super(base);
        this.jar = jar;
        this.war = war;
        this.context = context;
    }

    @Override
    void start() throws IOException {
        Path loopback = base.resolve("loopback");
        Files.writeString(
                loopback,
                "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address"
                        + "=127.0.0.1\n");
        run(
                Map.of(),
                base,
                java(),
                "-Dhubbub.trusted-proxies=127.0.0.1",
                "-jar",
                jar.toString(),
                "--noHazelcast",
                "--rootDir",
                base.resolve("root").toString(),
                "--port",
                Integer.toString(port),
                "--prebootcommandfile",
                loopback.toString(),
                "--contextroot",
                context,
                "--deploy",
                war.toString());
        awaitAnswer(context, 200);
    }

    @Override
    Path deployments() {
        return null;
    }

    @Override
    Path accessLogs() {
        return null;
    }

    @Override
    URI secureUrl(String context) {
        return null;
    }

    @Override
    void shutDown() throws IOException, InterruptedException {
        terminate();
    }
}
