package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.PacketClient;
import dev.hubbub.client.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Socket.IO client returns and has missed events that only the history has. */
class SocketIoHistoryIT {
    private static final String ROOM = "r";

    @TempDir
    Path folder;

    private static PacketClient connect(WarProcess war, String auth) {
        String url = war.events().toString().replace("/events", "/socket.io/?EIO=4&transport=websocket");
        PacketClient client = new PacketClient(URI.create(url));
        client.next("0{");
        return client.send("40" + auth);
    }

    private static void publish(EventClient writer, int text) {
        writer.send("{\"name\":\"message\",\"id\":" + text + ",\"data\":{\"room\":\"" + ROOM + "\",\"text\":\"" + text
                        + "\"}}")
                .next("ack");
    }

    @Test
    void othersAreServedWhileTheHistoryIsReadForAReturningClient() throws Exception {
        try (PostgresServer postgres = new PostgresServer(folder);
                WarProcess war = new WarProcess(
                        List.of(
                                "-Dhubbub.history=" + postgres.url(),
                                "-Dhubbub.history-create=true",
                                "-Dhubbub.log-events=1"),
                        "--port",
                        "0",
                        "--handlers",
                        PostgresServer.driver().toString());
                EventClient writer = EventClient.connect(war.events()).join(ROOM)) {
            PacketClient kim = connect(war, "");
            String pid = Data.parse(kim.next("40").substring(2)).string("pid");
            kim.send("42[\"join\",{\"room\":\"" + ROOM + "\"}]").next("42[\"hello\"");
            publish(writer, 1);
            String offset = kim.next("42[\"message\"").replaceAll(".*,\"([^\"]+)\"]$", "$1");
            kim.close();
            for (int text = 2; text <= 5; text++) {
                publish(writer, text);
            }
            List<EventClient> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) { // more than there are threads that read
                others.add(EventClient.connect(war.events()));
            }
            try (Connection connection = postgres.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE hubbub_event IN ACCESS EXCLUSIVE MODE");
                kim = connect(war, "{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
                for (EventClient other : others) {
                    other.send("{\"name\":\"echo\",\"id\":1}").next("ack");
                }
                assertThat(kim.frames).noneMatch(frame -> frame.startsWith("40"));
                connection.rollback();
            }
            assertThat(Data.parse(kim.next("40").substring(2)).string("pid")).isEqualTo(pid);
            for (int text = 2; text <= 5; text++) {
                assertThat(kim.next("42[\"message\"")).contains("\"text\":\"" + text + "\"");
            }
            kim.close();
            others.forEach(EventClient::close);
        }
    }
}
