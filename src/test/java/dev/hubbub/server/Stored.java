package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Event;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.client.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/**
 * A history in a data source of the server: events outlive the application, and the pool of the server and Hubbub outlive the
 * database.
 */
final class Stored {
    private static final String NAME = "stored";
    private static final String ROOM = "kept";

    private final ServerProcess server;
    private final PostgresServer database;

    Stored(ServerProcess server, PostgresServer database) {
        this.server = server;
        this.database = database;
    }

    void check() throws IOException, SQLException {
        Path war = server.base.resolve("stored-war.zip");
        HubbubWar.create("stored.war")
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
                          <context-param>
                            <param-name>hubbub.history</param-name>
                            <param-value>%s</param-value>
                          </context-param>
                          <context-param>
                            <param-name>hubbub.history-create</param-name>
                            <param-value>true</param-value>
                          </context-param>
                        </web-app>
                        """.formatted(server.dataSourceName())))
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        server.deploy(war, NAME);
        String first;
        try (EventClient kim = connect()) {
            kim.join(ROOM);
            first = publish(kim, 1);
            publish(kim, 2);
            publish(kim, 3);
        }
        server.undeploy(NAME);
        assertThat(rows()).isEqualTo(3);

        server.deploy(war, NAME);
        try (EventClient kim = returning(first);
                EventClient lee = connect()) {
            receives(kim, "2", "3");
            lee.send("{\"name\":\"join\",\"data\":{\"room\":\"" + ROOM + "\",\"last\":2}}")
                    .next("hello");
            receives(lee, "2", "3");

            database.kill();
            lee.send(message(4));
            receives(kim, "4"); // but it is not acknowledged yet
            await().atMost(Duration.ofSeconds(60)).until(() -> !isAvailable());
            assertThat(lee.events).noneMatch(event -> event.name().equals("ack"));
            database.startAgain();
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            lee.events.stream().anyMatch(event -> event.name().equals("ack")));
            await().atMost(Duration.ofSeconds(60)).until(this::isAvailable);
            publish(lee, 5);
        }
        assertThat(rows()).isEqualTo(5);
        server.undeploy(NAME);
    }

    private URI events() {
        return server.events("/" + NAME);
    }

    private EventClient connect() {
        return EventClient.connect(events());
    }

    private EventClient returning(String since) {
        EventClient client = connect();
        client.send("{\"name\":\"join\",\"data\":{\"room\":\"" + ROOM + "\",\"since\":\"" + since + "\"}}");
        assertThat(client.next("hello").data().json()).contains("\"recovered\":true");
        return client;
    }

    private static String message(int number) {
        return "{\"name\":\"message\",\"id\":" + number + ",\"data\":{\"room\":\"" + ROOM + "\",\"text\":\"" + number
                + "\"}}";
    }

    /** @return the position */
    private static String publish(EventClient client, int number) {
        Event ack = client.send(message(number))
                .next(event ->
                        event.name().equals("ack") && Integer.toString(number).equals(event.id()));
        return ack.data().string("position");
    }

    private static void receives(EventClient client, String... texts) {
        for (String text : List.of(texts)) {
            assertThat(client.next("message").data().string("text")).isEqualTo(text);
        }
    }

    private boolean isAvailable() throws IOException {
        return HandshakeProbe.request(server.url("/" + NAME), "GET", "health/ready", "")
                .body()
                .contains("\"available\":true");
    }

    private long rows() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM hubbub_event")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
