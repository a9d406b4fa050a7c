package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.container.app.Clock;
import dev.hubbub.container.app.LibraryHandlers;
import dev.hubbub.container.app.ShopHandlers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Handlers dropped into the WAR, as classes and as a jar; settings from web.xml, among them the portable way to send. */
class HandlersIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        return war("shop.war")
                .addClasses(ShopHandlers.class, ShopHandlers.Bid.class, Clock.class)
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
    protected boolean compresses() {
        return hasDeflate();
    }

    @Override
    protected boolean sendsFast() {
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
    void handlersAreBeansWhereCdiIs() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"injected\",\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo(isFullServer() ? "true" : "false");
        }
    }

    @Test
    void theThreadsOfHubbubAreManagedWhereTheServerManagesThreads() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"later\",\"id\":1}");
            assertThat(kim.next("ack").data().json()).isEqualTo(isFullServer() ? "true" : "false");
        }
    }

    @Test
    void anEnvEntryIsASetting() throws Exception {
        HttpRequest handshake = HttpRequest.newBuilder(url().resolve("socket.io/?EIO=4&transport=polling"))
                .build();
        HttpResponse<String> opened = HttpClient.newHttpClient().send(handshake, HttpResponse.BodyHandlers.ofString());
        assertThat(opened.headers().firstValue("Set-Cookie").orElse("")).startsWith("at=");
    }

    @Test
    void pagesOfAnAllowedOriginMayConnectAndRead() throws Exception {
        assertThat(raw("GET " + url().getPath() + "events/poll?wait=0", "https://shop.example"))
                .contains(" 200 ", "Access-Control-Allow-Origin: https://shop.example");
        assertThat(raw("OPTIONS " + url().getPath() + "events/send", "https://shop.example"))
                .contains(" 204 ")
                .containsIgnoringCase("Hubbub-Session");
        assertThat(raw("GET " + url().getPath() + "socket.io/?EIO=4&transport=polling", "https://shop.example"))
                .contains(
                        " 200 ",
                        "Access-Control-Allow-Origin: https://shop.example",
                        "Access-Control-Allow-Credentials: true");
        try (EventClient kim = EventClient.connect(events(), "Origin", "https://shop.example")) {
            kim.send("{\"name\":\"echo\",\"id\":1}").next("ack");
        }
    }

    @Test
    void aHandlerThatThrowsAnswersInternalAndTheConnectionLivesOn() {
        try (EventClient kim = connect()) {
            kim.send("{\"name\":\"fail\",\"id\":1}");
            assertThat(kim.error("internal").json()).doesNotContain("secret", "Exception", "dev.");
            kim.send("{\"name\":\"bid\",\"data\":\"much\",\"id\":2}").error("invalid-data");
            kim.send("{\"name\":\"echo\",\"id\":3}").next("ack");
        }
    }

    @Test
    void theAddressBehindATrustedProxyAndTheHandshakeAreThere() {
        try (EventClient direct = connect();
                EventClient proxied = EventClient.connect(
                        java.net.URI.create(events() + "?token=a%20b"),
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
    void connectAndDisconnectAreHandledAndTheServerCanAsk() {
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
