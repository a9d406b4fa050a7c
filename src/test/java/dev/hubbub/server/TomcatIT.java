package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.DeflateBomb;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.NodeScripts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat with the configuration in server-config. */
class TomcatIT {
    private static final Path HOME = Path.of(System.getProperty("tomcat.home"));

    @TempDir
    private Path folder;

    private TomcatProcess tomcat;

    @BeforeEach
    void unpack() throws IOException {
        tomcat = new TomcatProcess(HOME, folder);
    }

    @AfterEach
    void stop() {
        tomcat.close();
    }

    private static String echo(EventClient client) {
        return client.send("{\"name\":\"echo\",\"data\":1,\"id\":1}")
                .next("ack")
                .data()
                .json();
    }

    /** The buffers of server-config hold a kilobyte. */
    @Test
    void shortAndLongEventsThatArriveTogetherAreHandledInOrder() throws Exception {
        tomcat.start();
        tomcat.deploy("hubbub");
        try (EventClient client = EventClient.connect(tomcat.events("/hubbub"))) {
            for (int id = 1; id <= 1_000; id++) {
                String data = "x".repeat(id % 50 == 0 ? 5_000 : id % 900);
                client.send("{\"name\":\"echo\",\"data\":\"" + data + "\",\"id\":" + id + "}");
            }
            for (int id = 1; id <= 1_000; id++) {
                assertThat(client.next("ack").id()).isEqualTo(Integer.toString(id));
            }
        }
    }

    @Test
    void theMBeanIsRegisteredWhileTheApplicationIsDeployed() throws Exception {
        tomcat.start();
        tomcat.deploy("hubbub");
        try (JMXConnector jmx = tomcat.jmx();
                EventClient kim = EventClient.connect(tomcat.events("/hubbub"))) {
            MBeanServerConnection server = jmx.getMBeanServerConnection();
            ObjectName hubbub = new ObjectName("dev.hubbub:type=Hubbub,context=\"/hubbub\"");
            kim.join("lobby");
            assertThat(server.getAttribute(hubbub, "Clients")).isEqualTo(1);
            server.invoke(hubbub, "sendNotice", new Object[] {"hi"}, new String[] {String.class.getName()});
            kim.next("notice");
            tomcat.deploy("other");
            Set<ObjectName> both = server.queryNames(new ObjectName("dev.hubbub:type=Hubbub,*"), null);
            assertThat(both).hasSize(2);
            tomcat.undeploy("hubbub");
            kim.awaitClose(1012);
            assertThat(server.isRegistered(hubbub)).isFalse();
        }
    }

    @Test
    void theLogNamesContextParamsAndEnvEntriesThatAreNoSettings() throws Exception {
        tomcat.configure("context.xml", "</Context>", """
                <Parameter name="hubbub.hartbeat" value="20000"/>
                <Environment name="hubbub.heart-beat" type="java.lang.String" value="20000"/>
                </Context>""");
        tomcat.start();
        tomcat.deploy("hubbub");
        tomcat.awaitOutput("Unknown settings: hubbub.heart-beat (JNDI), hubbub.hartbeat (context-param)");
    }

    @Test
    void withoutWebSocketTheDeploymentFailsWithAReason() throws Exception {
        Path home = folder.resolve("without-websocket");
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file :
                    files.filter(path -> !path.toString().contains("websocket")).toList()) {
                Files.copy(file, home.resolve(HOME.relativize(file).toString()));
            }
        }
        Path base = Files.createDirectory(folder.resolve("base"));
        try (TomcatProcess without = new TomcatProcess(home, base)) {
            Files.copy(
                    Path.of(System.getProperty("hubbub.war")),
                    without.deployments().resolve("hubbub.war"));
            without.start();
            StringBuilder logs = new StringBuilder(); // Tomcat writes the log of applications to a file
            try (Stream<Path> files = Files.list(base.resolve("logs"))) {
                for (Path file : files.toList()) {
                    logs.append(Files.readString(file));
                }
            }
            assertThat(logs).contains("Hubbub needs Jakarta WebSocket 2.1");
            for (String path : List.of("", "health", "events/poll?room=lobby")) {
                assertThat(HandshakeProbe.request(without.url("/hubbub"), "GET", path, "")
                                .status())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void tenRedeploymentsLeaveNoThreadAndNoClassLoaderBehind() throws Exception {
        tomcat.start();
        tomcat.redeployTenTimes(TomcatProcess.WAR, "hubbub");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !tomcat.jcmd("Thread.print").contains("\"hubbub-"));
        assertThat(List.copyOf(tomcat.output)).noneMatch(line -> line.contains("memory leak"));
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    tomcat.jcmd("GC.run");
                    assertThat(tomcat.loadedApplications()).isZero();
                    assertThat(tomcat.jcmd("GC.class_histogram")).doesNotContain("WebappClassLoader");
                });
    }

    @Test
    void longEventsAreCompressedWhenCompressionIsEnabled() throws Exception {
        tomcat.configure(
                "context.xml",
                "</Context>",
                "<Parameter name=\"hubbub.compression\" value=\"true\" override=\"false\"/></Context>");
        tomcat.start();
        tomcat.deploy("hubbub");
        NodeScripts.deflate(tomcat.events("/hubbub"));
        assertThat(List.copyOf(tomcat.output)).anyMatch(line -> line.contains("sent by TomcatWriter"));
    }

    /** Tomcat deletes the descriptor of an application together with a WAR in its own folder. */
    @Test
    void settingsSurviveAnUndeploymentIfTheWarIsOutsideOfWebapps() throws Exception {
        tomcat.start();
        Path war = Files.copy(TomcatProcess.WAR, folder.resolve("elsewhere.war"));
        Path descriptors = Files.createDirectories(tomcat.base.resolve("conf/Catalina/localhost"));
        Path descriptor = descriptors.resolve("hubbub.xml");
        Path kept = folder.resolve("hubbub.xml");
        Files.writeString(
                kept,
                "<Context docBase=\"" + war
                        + "\"><Parameter name=\"hubbub.anonymous\" value=\"false\" override=\"false\"/></Context>");
        for (int i = 0; i < 2; i++) {
            Files.move(kept, descriptor);
            await().atMost(Duration.ofSeconds(60)).until(() -> status("health") == 200);
            assertThat(status("events/poll?room=lobby")).isEqualTo(401);
            Files.move(descriptor, kept);
            await().atMost(Duration.ofSeconds(60)).until(() -> status("health") == 404);
        }
        assertThat(war).exists();
    }

    private int status(String path) throws IOException {
        return HandshakeProbe.request(tomcat.url("/hubbub"), "GET", path, "").status();
    }

    /** HTTP/2 has no headers about the connection (RFC 9113, section 8.2.2); clients treat them as an error. */
    @Test
    void refusalsOverHttp2HaveNoConnectionHeader() throws Exception {
        int port = ServerProcess.freePort();
        tomcat.configure(
                "server.xml",
                "<Engine name=\"Catalina\"",
                "<Connector port=\"" + port + "\" address=\"127.0.0.1\" protocol=\"HTTP/1.1\"><UpgradeProtocol"
                        + " className=\"org.apache.coyote.http2.Http2Protocol\"/></Connector><Engine"
                        + " name=\"Catalina\"");
        tomcat.start();
        tomcat.deploy("hubbub");
        URI url = URI.create("http://127.0.0.1:" + port + "/hubbub/");
        HttpClient http = HttpClient.newHttpClient();
        http.send(
                HttpRequest.newBuilder(url.resolve("health")).build(),
                HttpResponse.BodyHandlers.ofString()); // upgrades the connection
        for (HttpRequest.Builder refused : List.of(
                HttpRequest.newBuilder(url.resolve("events/send")).POST(HttpRequest.BodyPublishers.ofString("{}")),
                HttpRequest.newBuilder(url.resolve("socket.io/?EIO=4&transport=polling&sid=nobody"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}")),
                HttpRequest.newBuilder(url.resolve("events/send"))
                        .header("Origin", "https://evil.example")
                        .POST(HttpRequest.BodyPublishers.ofString("{}")),
                HttpRequest.newBuilder(url.resolve("events")))) {
            HttpResponse<String> response = http.send(refused.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isBetween(400, 499);
            assertThat(response.headers().map()).doesNotContainKeys("connection", "upgrade");
        }
    }

    /** Sixty kilobytes that unpack to sixty megabytes, twenty times: nothing is unpacked beyond the limit and a little more. */
    @Test
    void aCompressedMessageThatIsTooBigIsNotUnpackedToItsEnd() throws Exception {
        tomcat.configure(
                "context.xml",
                "</Context>",
                "<Parameter name=\"hubbub.compression\" value=\"true\" override=\"false\"/></Context>");
        tomcat.start();
        tomcat.deploy("hubbub");
        try (EventClient kim = EventClient.connect(tomcat.events("/hubbub"))) {
            kim.join("lobby");
            Duration before = tomcat.cpu();
            DeflateBomb.send(tomcat.url("/hubbub"), 20, 60_000_000);
            assertThat(echo(kim)).isEqualTo("1");
            assertThat(tomcat.cpu().minus(before)).isLessThan(Duration.ofMillis(2_500));
        }
    }

    /** A new version beside the old one: clients of the old version are served until it is undeployed, then they reconnect. */
    @Test
    void aRollingRedeployLosesNoAcknowledgement() throws Exception {
        tomcat.start();
        tomcat.deploy("hubbub##1");
        try (EventClient kim = EventClient.connect(tomcat.events("/hubbub"))) {
            kim.join("lobby");
            tomcat.deploy("hubbub##2"); // the first version answers meanwhile
            await().atMost(TomcatProcess.TIMEOUT)
                    .until(() -> tomcat.output.stream().anyMatch(line -> line.contains("hubbub##2.war] has finished")));
            assertThat(echo(kim)).isEqualTo("1");
            AtomicInteger sent = new AtomicInteger();
            Thread undeploy = new Thread(() -> {
                try {
                    tomcat.undeploy("hubbub##1");
                } catch (IOException e) {
                    tomcat.output.add(e.toString());
                }
            });
            undeploy.start();
            try {
                while (kim.closeCode == 0) {
                    String id = Integer.toString(100 + sent.getAndIncrement());
                    kim.send("{\"name\":\"echo\",\"id\":" + id + "}");
                    kim.next(event -> id.equals(event.id()));
                }
            } catch (RuntimeException closed) {
                assertThat(kim.closeCode).isEqualTo(1012);
            }
            undeploy.join();
            List<String> acknowledged = kim.events.stream()
                    .filter(event -> event.name().equals("ack") && event.id().length() > 1)
                    .map(event -> event.id())
                    .toList();
            // The last event may have been sent while the close frame was on its way.
            assertThat(acknowledged).hasSizeBetween(sent.get() - 1, sent.get()).doesNotHaveDuplicates();
        }
        try (EventClient again = EventClient.connect(tomcat.events("/hubbub"))) {
            assertThat(echo(again)).isEqualTo("1");
        }
    }

    @Test
    void clientsAreAuthenticatedAsUsersOfTheServer() throws Exception {
        tomcat.start();
        Secured.check(tomcat);
    }
}
