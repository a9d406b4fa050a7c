package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.PacketClient;
import dev.hubbub.standalone.WarProcess;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Socket.IO clients that return to another server of the cluster than they were connected to. */
class SocketIoReturnIT {
    private RedisServer redis;
    private WarProcess a;
    private WarProcess b;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        a = WarProcess.start("-Dhubbub.cluster=" + redis.url());
        b = WarProcess.start("-Dhubbub.cluster=" + redis.url());
        a.url();
        b.url();
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        redis.close();
    }

    /** A Socket.IO client. */
    private record Returning(PacketClient socket, String id, String pid) {
        static Returning connect(WarProcess war, String auth) {
            PacketClient socket = new PacketClient(
                    URI.create(war.url().toString().replace("http:", "ws:") + "socket.io/?EIO=4&transport=websocket"));
            socket.next("0{");
            socket.send("40" + auth);
            Data connected = Data.parse(socket.next("40{").substring(2));
            return new Returning(socket, connected.string("sid"), connected.string("pid"));
        }

        Returning join(String room) {
            socket.send("42[\"join\",{\"room\":\"" + room + "\"}]");
            socket.next("42[\"hello\"");
            return this;
        }

        /** Waits for a message and returns its offset. */
        String offset(String text) {
            String packet = socket.next("42[\"message\"");
            assertThat(packet).contains('"' + text + '"');
            return packet.substring(packet.lastIndexOf(",\"") + 2, packet.length() - 2);
        }

        boolean isIn(String room) {
            return socket.frames.stream()
                    .anyMatch(frame -> frame.startsWith("42[\"hello\"") && frame.contains("\"room\":\"" + room + '"'));
        }

        String auth(String offset) {
            return "{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}";
        }
    }

    private static long count(EventClient client, String name) {
        return client.events.stream().filter(event -> event.name().equals(name)).count();
    }

    /** Whether Redis has what a client needs to return, with this room. */
    private boolean isKept(String room) {
        Object keys = redis.command(Command.KEYS, "hubbub:pid:*");
        return ((java.util.List<?>) keys)
                .stream()
                        .anyMatch(key -> new String((byte[]) redis.command(Command.GET, new String((byte[]) key)))
                                .contains('"' + room + '"'));
    }

    @Test
    void aClientOfAServerThatDiesIsRecoveredByTheOtherOne() {
        try (EventClient kim = EventClient.connect(b.events()).join("lobby")) {
            Returning lee = Returning.connect(a, "").join("other").join("lobby");
            kim.next("joined");
            kim.send(EventClient.message("lobby", "m1"));
            String offset = lee.offset("m1");
            await().until(() -> isKept("lobby") && isKept("other"));
            a.process.destroyForcibly();
            lee.socket().awaitClose();
            kim.send(EventClient.message("lobby", "m2"));

            Returning wrong = Returning.connect(b, lee.auth(offset).replace(lee.pid(), lee.pid() + "x"));
            assertThat(wrong.id()).isNotEqualTo(lee.id());
            Returning back = Returning.connect(b, lee.auth(offset));
            assertThat(back.id()).isEqualTo(lee.id());
            assertThat(back.pid())
                    .as("so that the library says that it is recovered")
                    .isEqualTo(lee.pid());
            await("it is in both rooms again, in any order").until(() -> back.isIn("lobby") && back.isIn("other"));
            back.offset("m2");
            back.socket().send("42[\"message\",{\"room\":\"lobby\",\"text\":\"m3\"}]");
            kim.next(event -> event.data().json().contains("m3"));
            await().during(Duration.ofSeconds(13))
                    .atMost(Duration.ofSeconds(16))
                    .until(() -> count(kim, "left") == 0);
            assertThat(count(kim, "joined")).as("nobody notices the return").isEqualTo(1);
            kim.send(EventClient.message("lobby", "m4"));
            back.offset("m3");
            back.offset("m4");
        }
    }

    @Test
    void aClientMovesToTheOtherServerAndBackWhileItsFormerConnectionsAreOpen() {
        try (EventClient kim = EventClient.connect(b.events()).join("lobby")) {
            Returning lee = Returning.connect(a, "").join("lobby");
            kim.next("joined");
            for (int i = 0; i < 4; i++) {
                kim.send(EventClient.message("lobby", "m" + i));
                String offset = lee.offset("m" + i);
                await().until(() -> isKept("lobby"));
                Returning back = Returning.connect(i % 2 == 0 ? b : a, lee.auth(offset));
                assertThat(back.id()).as("move " + i).isEqualTo(lee.id());
                lee.socket().awaitClose();
                back.socket().next("42[\"hello\"");
                lee = back;
            }
            assertThat(count(kim, "left") + count(kim, "joined")).isEqualTo(1);
            lee.socket().send("41");
            kim.next("left");
            await("it has left for good").until(() -> !isKept("lobby"));
            assertThat(Returning.connect(b, lee.auth("")).id()).isNotEqualTo(lee.id());
        }
    }
}
