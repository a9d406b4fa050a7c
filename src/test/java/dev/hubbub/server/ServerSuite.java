package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.NodeTutorial;
import dev.hubbub.client.SocketIoSuite;
import dev.hubbub.client.StreamClient;
import dev.hubbub.container.app.Clock;
import dev.hubbub.container.app.ShopHandlers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
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
 * A whole server, from its unpacking to its end: the protocol on it, then what its operators do. What came of it is kept for
 * the table of containers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ServerSuite extends SocketIoSuite {
    private static final String NAME = "shop";

    @TempDir
    static Path folder;

    @RegisterExtension
    final Results results = new Results(getClass().getSimpleName().replace("ServerIT", ""));

    private ServerProcess server;

    /** @param war the shop, for a server that must know it when it starts */
    abstract ServerProcess server(Path war, Path base) throws IOException, InterruptedException;

    @BeforeAll
    void start() throws Exception {
        server = server(shop(), Files.createDirectory(folder.resolve("base")));
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
        results.write();
        Files.write(Results.FOLDER.resolve(getClass().getSimpleName() + ".log"), server.output);
    }

    private Path shop() {
        Path war = folder.resolve("shop.war");
        if (!Files.exists(war)) {
            war().as(ZipExporter.class).exportTo(war.toFile());
        }
        return war;
    }

    private static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class)
                .importFrom(new File(System.getProperty("hubbub.war")))
                .as(WebArchive.class)
                .addClasses(ShopHandlers.class, ShopHandlers.Bid.class, Clock.class);
    }

    @Override
    protected final URI url() {
        return server.url("/" + NAME);
    }

    private static void echoes(URI events) {
        try (EventClient client = EventClient.connect(events)) {
            client.join("lobby").send("{\"name\":\"echo\",\"data\":1,\"id\":1}").next("ack");
        }
    }

    @Test
    void theSettingThatItsConfigurationShowsCounts() {
        try (EventClient proxied = connect("X-Forwarded-For", "203.0.113.9")) {
            proxied.send("{\"name\":\"who\",\"id\":1}");
            assertThat(proxied.next("ack").data().json()).startsWith("\"203.0.113.9 ");
        }
    }

    @Test
    void itsTlsCarriesWebSockets() {
        URI secure = server.secureUrl("/" + NAME);
        Assumptions.assumeTrue(secure != null, "Its TLS is not configured");
        echoes(URI.create("wss" + secure.toString().substring("https".length()) + "events"));
    }

    /** Whether permessage-deflate is there, and the application's to switch on. */
    protected boolean hasDeflate() {
        return true;
    }

    @Test
    void whereCompressionIsSwitchedOnLongEventsAreCompressed() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "It deploys nothing once it runs");
        Assumptions.assumeTrue(hasDeflate(), "It does not let an application compress");
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
        NodeTutorial.deflate(server.events("/compressed"));
        server.undeploy("compressed");
    }

    @Test
    void whatIsAskedIsInItsAccessLog() throws Exception {
        Assumptions.assumeTrue(server.accessLogs() != null, "It writes none");
        HandshakeProbe.request(server.url("/" + NAME), "GET", "hubbub.js?logged", "");
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    try (Stream<Path> files = Files.list(server.accessLogs())) {
                        return files.filter(Files::isRegularFile).anyMatch(ServerSuite::hasIt);
                    }
                });
    }

    private static boolean hasIt(Path log) {
        try {
            return Files.readString(log).contains("/" + NAME + "/hubbub.js?logged");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theUsersOfTheServerAreTheClients() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "It deploys nothing once it runs");
        Secured.check(server);
    }

    @Test
    @Order(Integer.MAX_VALUE - 2)
    void itMayBeTheRootApplication() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "It deploys nothing once it runs");
        Path war = folder.resolve("root.war");
        // By the name where there is nothing else; where there is, by a file of the server's own.
        war().addAsWebInfResource(rootOf("payara-web-app"), "payara-web.xml")
                .addAsWebInfResource(rootOf("glassfish-web-app"), "glassfish-web.xml")
                .addAsWebInfResource(
                        new StringAsset("<web-ext xmlns=\"http://websphere.ibm.com/xml/ns/javaee\" version=\"1.0\">"
                                + "<context-root uri=\"/\"/></web-ext>"),
                        "ibm-web-ext.xml")
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        server.deploy(war, "ROOT");
        echoes(server.events(""));
        server.undeploy("ROOT");
        echoes(events());
    }

    private static StringAsset rootOf(String element) {
        return new StringAsset("<" + element + "><context-root>/</context-root></" + element + ">");
    }

    /** Applications that it has ended and keeps in memory all the same, until it ends the next. */
    protected int keeps() {
        return 0;
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // WildFly looks every five seconds
    @Order(Integer.MAX_VALUE - 1)
    void tenTimesRedeployedItLeavesNoThreadAndNoClassLoaderBehind() throws Exception {
        Assumptions.assumeTrue(server.deployments() != null, "It deploys nothing once it runs");
        for (int i = 0; i < 10; i++) {
            server.deploy(shop(), "again");
            try (EventClient kim = EventClient.connect(server.events("/again"))) {
                kim.join("lobby");
                assertThat(HandshakeProbe.request(server.url("/again"), "GET", "events/sse?room=lobby", "")
                                .status())
                        .isEqualTo(200);
                server.undeploy("again");
                kim.next("restart");
                kim.awaitClose(1012);
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.jcmd("Thread.print")).containsOnlyOnce("\"hubbub-timer-"));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    server.jcmd("GC.run");
                    // the shop's, which still runs
                    assertThat(server.loaded()).isBetween(1L, 1L + keeps());
                });
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whenItStopsItsClientsAreTold() throws Exception {
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
