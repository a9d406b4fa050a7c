package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.PostgresServer;
import dev.hubbub.client.SocketIoSuite;
import dev.hubbub.client.StreamClient;
import dev.hubbub.container.app.Clock;
import dev.hubbub.container.app.ShopHandlers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A complete server, from its unpacked distribution to its shutdown: the protocol, and what operators do. The results are kept
 * for the table of containers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ServerSuite extends SocketIoSuite {
    static final String NAME = "shop";

    @TempDir
    static Path folder;

    @RegisterExtension
    final Results results = new Results(getClass().getSimpleName().replace("ServerIT", ""));

    private ServerProcess server;
    private PostgresServer database;

    /** @param war the application, for a server that gets it at start-up */
    abstract ServerProcess server(Path war, Path base) throws IOException, InterruptedException;

    @BeforeAll
    void start() throws Exception {
        server = server(shop(), Files.createDirectory(folder.resolve("base")));
        database = new PostgresServer(folder);
        server.useDatabase(database.port());
        results.begin();
        server.start();
        results.started();
        if (server.deployments() != null) {
            server.deploy(shop(), NAME);
            results.deployed();
        }
    }

    @AfterAll
    void end() throws IOException {
        server.close();
        database.close();
        results.write();
        Files.write(Results.FOLDER.resolve(getClass().getSimpleName() + ".log"), server.output);
    }

    ServerProcess process() {
        return server;
    }

    private Path shop() {
        Path war = folder.resolve("shop.war");
        if (!Files.exists(war)) {
            war().as(ZipExporter.class).exportTo(war.toFile());
        }
        return war;
    }

    private static WebArchive war() {
        return HubbubWar.create("shop.war").addClasses(ShopHandlers.class, ShopHandlers.Bid.class, Clock.class);
    }

    @Override
    protected final URI url() {
        return server.url("/" + NAME);
    }

    private static void assertEchoes(URI events) {
        try (EventClient client = EventClient.connect(events)) {
            client.join("lobby").send("{\"name\":\"echo\",\"data\":1,\"id\":1}").next("ack");
        }
    }

    @Test
    void theSettingInTheSampleConfigurationIsApplied() {
        try (EventClient proxied = connect("X-Forwarded-For", "203.0.113.9")) {
            proxied.send("{\"name\":\"who\",\"id\":1}");
            assertThat(proxied.next("ack").data().json()).startsWith("\"203.0.113.9 ");
        }
    }

    @Test
    void webSocketsWorkOverTls() {
        URI secure = server.secureUrl("/" + NAME);
        Assumptions.assumeTrue(secure != null, "This server has no TLS configuration");
        assertEchoes(URI.create("wss" + secure.toString().substring("https".length()) + "events"));
    }

    /** Whether the server supports permessage-deflate and lets an application enable it. */
    protected boolean supportsCompression() {
        return true;
    }

    @Test
    void longEventsAreCompressedWhenCompressionIsEnabled() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "This server deploys only at start-up");
        Assumptions.assumeTrue(supportsCompression(), "An application cannot enable compression on this server");
        Path war = folder.resolve("compressed.war");
        war().setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
                          <context-param>
                            <param-name>hubbub.compression</param-name>
                            <param-value>true</param-value>
                          </context-param>
                        </web-app>
                        """)).as(ZipExporter.class).exportTo(war.toFile());
        server.deploy(war, "compressed");
        NodeScripts.deflate(server.events("/compressed"));
        server.undeploy("compressed");
    }

    @Test
    void requestsAppearInTheAccessLog() throws Exception {
        Assumptions.assumeTrue(server.accessLogs() != null, "This server has no access log");
        HandshakeProbe.request(server.url("/" + NAME), "GET", "hubbub.js?logged", "");
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    try (Stream<Path> files = Files.list(server.accessLogs())) {
                        return files.filter(Files::isRegularFile).anyMatch(ServerSuite::hasRequest);
                    }
                });
    }

    private static boolean hasRequest(Path log) {
        try {
            return Files.readString(log).contains("/" + NAME + "/hubbub.js?logged");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void clientsAreAuthenticatedAsUsersOfTheServer() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "This server deploys only at start-up");
        Secured.check(server);
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void theHistoryIsInADataSourceOfTheServer() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "This server deploys only at start-up");
        new Stored(server, database).check();
    }

    @Test
    @Order(Integer.MAX_VALUE - 2)
    void theWarCanBeTheRootApplication() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "This server deploys only at start-up");
        Path war = folder.resolve("root.war");
        // Some servers take the context path from the file name, others from their own descriptors.
        HubbubWar.atRoot(war())
                .addAsWebInfResource(
                        new StringAsset("<web-ext xmlns=\"http://websphere.ibm.com/xml/ns/javaee\" version=\"1.0\">"
                                + "<context-root uri=\"/\"/></web-ext>"),
                        "ibm-web-ext.xml")
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        server.deploy(war, "ROOT");
        assertEchoes(server.events(""));
        server.undeploy("ROOT");
        assertEchoes(events());
    }

    /** The number of undeployed applications that the server keeps in memory until the next undeployment. */
    protected int retainedApplications() {
        return 0;
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // WildFly scans every five seconds
    @Order(Integer.MAX_VALUE - 1)
    void tenRedeploymentsLeaveNoThreadAndNoClassLoaderBehind() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "This server deploys only at start-up");
        server.redeployTenTimes(shop(), "again");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.jcmd("Thread.print")).containsOnlyOnce("\"hubbub-timer-"));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    server.jcmd("GC.run");
                    // the shop is still deployed
                    assertThat(server.loadedApplications()).isBetween(1L, 1L + retainedApplications());
                });
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void clientsAreNotifiedWhenTheServerStops() throws Exception {
        try (EventClient kim = connect();
                StreamClient lee = new StreamClient(url().resolve("events/sse?room=lobby"), "")) {
            kim.join("lobby");
            lee.next("hello");
            server.shutDown();
            kim.next("restart");
            kim.awaitClose(1012);
            assertThat(lee.next("close").data()).contains("\"code\":1012");
        }
    }
}
