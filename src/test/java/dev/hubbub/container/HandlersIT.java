package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.container.app.Clock;
import dev.hubbub.container.app.LibraryHandlers;
import dev.hubbub.container.app.OwnApi;
import dev.hubbub.container.app.ShopHandlers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Handlers that are added to the WAR as classes and as a jar, and settings in web.xml. */
class HandlersIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        return HubbubWar.create("shop.war")
                .addClasses(ShopHandlers.class, ShopHandlers.Bid.class, Clock.class, OwnApi.class)
                .addAsLibrary(
                        ShrinkWrap.create(JavaArchive.class, "library.jar").addClass(LibraryHandlers.class))
                .setWebXML(new StringAsset("""
                                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                                  <context-param>
                                    <param-name>hubbub.trusted-proxies</param-name>
                                    <param-value>127.0.0.0/8</param-value>
                                  </context-param>
                                  <context-param>
                                    <param-name>hubbub.allowed-origins</param-name>
                                    <param-value>https://shop.example</param-value>
                                  </context-param>
                                  <context-param>
                                    <param-name>hubbub.fast-sending</param-name>
                                    <param-value>false</param-value>
                                  </context-param>
                                  <context-param>
                                    <param-name>hubbub.compression</param-name>
                                    <param-value>true</param-value>
                                  </context-param>
                                  <env-entry>
                                    <env-entry-name>hubbub.sticky-cookie</env-entry-name>
                                    <env-entry-type>java.lang.String</env-entry-type>
                                    <env-entry-value>at</env-entry-value>
                                  </env-entry>
                                </web-app>
                                """));
    }

    @Override
    protected boolean isCompressionEnabled() {
        return supportsCompression();
    }

    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return false;
    }

    @Test
    void handlersInClassesAndInAJarAreFoundWithoutRegistration() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"bid\",\"data\":{\"lot\":\"7\",\"amount\":5},\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo("{\"lot\":\"7\",\"amount\":6}");
            kim.send("{\"name\":\"isbn\",\"data\":\"978-0\",\"id\":2}");
            assertThat(kim.next("ack").data().json()).isEqualTo("\"isbn 978-0\"");
        }
    }

    @Test
    void handlersAreCdiBeansIfTheServerHasCdi() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"injected\",\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo(isFullServer() ? "true" : "false");
        }
    }

    @Test
    void hubbubUsesManagedThreadsIfTheServerProvidesThem() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"later\",\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo(isFullServer() ? "true" : "false");
        }
    }

    @Test
    void anApplicationCanHaveItsOwnApiAtTheSamePaths() throws Exception {
        assertThat(Http.get(url().resolve("api/users/kim")).body()).isEqualTo("own /kim");
        assertThat(Http.post(url().resolve("api/users/kim/events"), "x").body()).isEqualTo("own /kim/events x");
    }

    @Test
    void anEnvEntryConfiguresASetting() throws Exception {
        HttpResponse<String> opened = Http.get(url().resolve("socket.io/?EIO=4&transport=polling"));
        assertThat(opened.headers().firstValue("Set-Cookie").orElse("")).startsWith("at=");
    }

    @Test
    void pagesFromAnAllowedOriginMayConnectAndRead() throws Exception {
        assertThat(from("https://shop.example", "GET", "events/poll?wait=0").head())
                .contains(" 200 ", "Access-Control-Allow-Origin: https://shop.example");
        assertThat(from("https://shop.example", "OPTIONS", "events/send").head())
                .contains(" 204 ")
                .containsIgnoringCase("Hubbub-Session");
        assertThat(from("https://shop.example", "GET", "socket.io/?EIO=4&transport=polling")
                        .head())
                .contains(
                        " 200 ",
                        "Access-Control-Allow-Origin: https://shop.example",
                        "Access-Control-Allow-Credentials: true");
        try (EventClient kim = EventClient.connect(events(), "Origin", "https://shop.example")) {
            kim.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    /** At least about as many as a container has threads for requests. */
    private static final int REQUESTS = 230;

    @Test
    void requestsOfOneClientToASlowHandlerOccupyOneThread() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        String connected = Http.get(url().resolve("events/poll")).body();
        String session = connected.replaceAll("(?s).*\"session\":\"([^\"]+)\".*", "$1");
        HttpRequest post = HttpRequest.newBuilder(url().resolve("events/send"))
                .header("Hubbub-Session", session)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"wait\"}"))
                .build();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        try (EventClient other = connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                responses.add(http.sendAsync(post, HttpResponse.BodyHandlers.ofString()));
            }
            // All but the first request, whose thread runs the handler.
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            responses.stream().filter(CompletableFuture::isDone).count() >= REQUESTS - 1);
            other.send("{\"name\":\"open\",\"data\":" + REQUESTS + ",\"id\":1}").next("ack");
            CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHandlerThatThrowsIsAnsweredWithInternalAndTheConnectionStaysOpen() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"fail\",\"id\":1}");
            assertThat(kim.error("internal").json()).doesNotContain("secret", "Exception", "dev.");
            kim.send("{\"name\":\"bid\",\"data\":\"much\",\"id\":2}").error("invalid-data");
            kim.send("{\"name\":\"echo\",\"id\":3}").next("ack");
        }
    }

    @Test
    void handlersSeeTheAddressBehindATrustedProxyAndTheHandshake() {
        try (EventClient direct = connect();
                EventClient proxied = EventClient.connect(
                        URI.create(events() + "?token=a%20b"),
                        "X-Forwarded-For",
                        "6.6.6.6, 203.0.113.9",
                        "X-Own",
                        "v")) {
            direct.send("{\"name\":\"who\",\"id\":1}");
            assertThat(direct.next("ack").data().json()).isEqualTo("\"127.0.0.1 null null\"");
            proxied.send("{\"name\":\"who\",\"id\":1}");
            assertThat(proxied.next("ack").data().json()).isEqualTo("\"203.0.113.9 v a b\"");
        }
    }

    @Test
    void connectAndDisconnectHandlersRunAndTheServerCanAskAClient() {
        try (EventClient watcher = connect()) {
            watcher.join("watchers");
            EventClient kim = connect();
            assertThat(kim.next("welcome").data().string("id")).isEqualTo(kim.id());
            kim.send("{\"name\":\"ask-me\"}");
            String id = kim.next("sure?").id();
            kim.send("{\"name\":\"ack\",\"id\":" + id + ",\"data\":\"yes\"}");
            assertThat(kim.next("they-said").data().json()).isEqualTo("\"yes\"");
            kim.close();
            assertThat(watcher.next(event -> event.name().equals("gone")
                                    && event.data().string("id").equals(kim.id()))
                            .data()
                            .json())
                    .contains("1000");
            await().until(() -> kim.closeCode == 1000);
        }
    }
}
