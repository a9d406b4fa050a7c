package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@code java -jar hubbub.war} does and says when something runs out. */
class CapacityIT {
    private static final int DESCRIPTORS = 150;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withoutFileDescriptorsTheLogSaysSoTheProcessorRestsAndClientsWaitUntilOthersHaveLeft() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (WarProcess war = WarProcess.startWithDescriptors(DESCRIPTORS)) {
            int port = war.url().getPort();
            assertThat(war.output)
                    .anyMatch(line -> line.contains("hubbub.max-connections is 20000, but this process may have only "
                            + DESCRIPTORS + " file descriptors"));
            for (int i = 0; i < DESCRIPTORS; i++) {
                sockets.add(new Socket("127.0.0.1", port));
            }
            awaitLine(war, "New connections cannot be accepted at the moment");
            awaitLine(war, "All " + DESCRIPTORS + " file descriptors of this process are in use");
            Duration before = processorTime(war);
            await().pollDelay(Duration.ofSeconds(2))
                    .untilAsserted(
                            () -> assertThat(processorTime(war).minus(before)).isLessThan(Duration.ofSeconds(1)));
            assertThat(war.output)
                    .filteredOn(line -> line.contains("cannot be accepted"))
                    .hasSize(1);
            for (Socket socket : sockets) {
                socket.close();
            }
            try (EventClient client = EventClient.connect(war.events())) {
                client.join("lobby");
            }
            awaitLine(war, "file descriptors are in use: there are enough again");
        } finally {
            close(sockets);
        }
    }

    @Test
    void aServerThatIsNearlyFullWarns() throws Exception {
        List<EventClient> clients = new ArrayList<>();
        try (WarProcess war = WarProcess.start("-Dhubbub.max-connections=10")) {
            for (int i = 0; i < 9; i++) {
                clients.add(EventClient.connect(war.events()));
            }
            awaitLine(war, "9 connections are open, and hubbub.max-connections allows 10");
            for (EventClient client : clients) {
                client.close();
            }
            awaitLine(war, "connections are open: there is room again");
        }
    }

    @Test
    void whoseRoomsRememberManyEventsIsWarned() throws Exception {
        String text = "x".repeat(1_000);
        try (WarProcess war = WarProcess.start(
                "-Xmx40m", "-Dhubbub.events-per-second=0", "-Dhubbub.log-events=1000", "-Dhubbub.log-age=10000")) {
            try (EventClient client = EventClient.connect(war.events())) {
                for (int i = 0; i < 12; i++) {
                    client.join("room" + i);
                    for (int j = 0; j < 1_000; j++) {
                        client.send("{\"name\":\"broadcast\",\"data\":{\"room\":\"room" + i + "\",\"text\":\"" + text
                                + "\"}}");
                    }
                }
                awaitLine(war, "bytes: soon, rooms forget theirs, and clients that return miss some");
            }
            awaitLine(war, "bytes: there is room again");
        }
    }

    private static void awaitLine(WarProcess war, String part) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(war.output).anyMatch(line -> line.contains(part)));
    }

    private static Duration processorTime(WarProcess war) {
        return war.process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
