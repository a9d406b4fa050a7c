package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnConnect;
import dev.hubbub.client.PacketClient;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Socket.IO clients that lose their connection while they return. */
class SocketIoReturnTest {
    /** Null if the handler does not block. */
    private static volatile CountDownLatch entered;

    private static final CountDownLatch released = new CountDownLatch(1);

    @EventHandlers
    public static class Slow {
        @OnConnect
        void connected() throws InterruptedException {
            if (entered != null) {
                entered.countDown();
                released.await(20, TimeUnit.SECONDS);
            }
        }
    }

    private static PacketClient connect(Standalone server, String auth) {
        PacketClient client = new PacketClient(
                URI.create("ws://127.0.0.1:" + server.eventsUrl().getPort() + "/socket.io/?EIO=4&transport=websocket"));
        client.next("0{");
        client.send("40" + auth);
        return client;
    }

    @Test
    void aClientThatIsLostBeforeItsRoomsWereRestoredReturnsToThem() throws Exception {
        try (Standalone server = Standalone.start("127.0.0.1", 0, null, Set.of(Slow.class))) {
            PacketClient first = connect(server, "");
            Data connected = Data.parse(first.next("40{").substring(2));
            first.send("42[\"join\",{\"room\":\"lobby\"}]");
            first.next("42[\"hello\"");
            first.send("42[\"message\",{\"room\":\"lobby\",\"text\":\"m\"}]");
            String message = first.next("42[\"message\"");
            String auth = "{\"pid\":\"" + connected.string("pid") + "\",\"offset\":\""
                    + message.substring(message.lastIndexOf(",\"") + 2, message.length() - 2) + "\"}";
            first.close();
            entered = new CountDownLatch(1);
            PacketClient second = connect(server, auth);
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            second.close();
            entered = null;

            PacketClient third = connect(server, auth);
            assertThat(third.next("40{")).contains(connected.string("sid"));
            third.next("42[\"hello\"");
            released.countDown();
        }
    }
}
