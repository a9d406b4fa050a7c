package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.container.app.NewsHandlers;
import dev.hubbub.container.app.NewsResource;
import dev.hubbub.container.app.NewsServlet;
import dev.hubbub.container.app.NewsTimer;
import java.net.URI;
import java.net.URL;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The hub in servlets, resources, beans, timers and threads of an application. */
@ExtendWith(ArquillianExtension.class)
class HubIT {
    @ArquillianResource
    private URL url;

    @Deployment(testable = false)
    static WebArchive deployment() {
        WebArchive war = HubbubWar.create("news.war")
                .addClasses(NewsHandlers.class, NewsHandlers.Line.class, NewsHandlers.Order.class, NewsServlet.class);
        return ContainerSuite.isFullServer()
                ? war.addClasses(NewsResource.class, NewsResource.Rest.class, NewsTimer.class)
                : war;
    }

    private URI application() {
        return ContainerSuite.withSlash(url);
    }

    private EventClient reader() {
        return EventClient.connect(EventClient.events(application())).join("news");
    }

    private static void receives(EventClient reader, String... headlines) {
        Set<String> missing = new TreeSet<>(Set.of(headlines));
        reader.next(event ->
                event.name().equals("headline") && missing.remove(event.data().as(String.class)) && missing.isEmpty());
    }

    @Test
    void aServletAndItsThreadsSendEvents() throws Exception {
        try (EventClient reader = reader()) {
            assertThat(Http.post(application().resolve("news"), "").statusCode())
                    .isEqualTo(200);
            receives(reader, "from a servlet", "from a thread");
        }
    }

    @Test
    void aResourceAnExecutorAndAThreadSendEventsThroughAnInjectedHub() throws Exception {
        assumeThat(ContainerSuite.isFullServer()).isTrue();
        try (EventClient reader = reader()) {
            assertThat(Http.post(application().resolve("rest/news"), "").statusCode())
                    .isEqualTo(204);
            receives(reader, "from a resource", "from an executor", "from a thread");
        }
    }

    @Test
    void eventsOfATransactionAreSentWhenItCommitsAndNeverWhenItIsRolledBack() throws Exception {
        assumeThat(ContainerSuite.isFullServer()).isTrue();
        try (EventClient reader =
                EventClient.connect(EventClient.events(application())).join("orders")) {
            assertThat(Http.post(application().resolve("rest/news/transaction"), "")
                            .statusCode())
                    .isEqualTo(204);
            receives(reader, "without a transaction");
            assertThat(reader.events.stream()
                            .filter(event -> event.name().equals("headline"))
                            .map(event -> event.data().as(String.class)))
                    .containsExactly(
                            "before the commit",
                            "after the commit",
                            "The transaction was rolled back",
                            "without a transaction");
        }
    }

    @Test
    void aScheduledEjbSendsEvents() {
        assumeThat(ContainerSuite.isFullServer()).isTrue();
        try (EventClient reader = reader()) {
            receives(reader, "from a timer");
        }
    }

    @Test
    void aHandlerSeesTheSessionTheCookiesAndTheLanguageOfTheRequest() throws Exception {
        String session = Http.get(application().resolve("news"))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .replaceAll(";.*", "");
        try (EventClient kim = EventClient.connect(
                EventClient.events(application()),
                "Cookie",
                session + "; theme=dark",
                "Accept-Language",
                "ko-KR, en;q=0.5",
                "User-Agent",
                "test")) {
            kim.send("{\"name\":\"request\",\"id\":1}");
            assertThat(kim.next("ack").data().as(String.class)).isEqualTo("three apples, dark, ko_KR, test");
        }
    }

    @Test
    void dataThatViolatesAConstraintIsAnsweredWithItsMember() {
        assumeThat(ContainerSuite.isFullServer()).isTrue();
        try (EventClient kim = reader()) {
            kim.send("{\"name\":\"order\",\"id\":1,\"data\":{\"lines\":[{\"product\":\"tea\",\"count\":2}]}}");
            assertThat(kim.next("ack").data().json()).isEqualTo("1");
            kim.send("{\"name\":\"order\",\"id\":2,\"data\":{\"lines\":[{\"product\":\"tea\",\"count\":2},"
                    + "{\"product\":\"milk\",\"count\":0}]}}");
            assertThat(kim.next("error").data().json())
                    .contains("invalid-data", "The member \\\"lines[1].count\\\" must be greater than 0");
            kim.send("{\"name\":\"order\",\"id\":3,\"data\":{\"lines\":[]}}");
            assertThat(kim.next("error").data().json()).contains("The member \\\"lines\\\" size must be");
            kim.send("{\"name\":\"count\",\"id\":4,\"data\":10}");
            assertThat(kim.next("error").data().json()).contains("The data must be less than or equal to 9");
        }
    }

    @Test
    void theHubWorksBeforeTheFirstClientHasConnected() {
        try (EventClient reader = reader()) {
            reader.send("{\"name\":\"started\",\"id\":1}");
            assertThat(reader.next("ack").data().json()).doesNotContain(":0}");
            reader.send("{\"name\":\"by-id\"}");
            receives(reader, "by id");
        }
    }
}
