package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.Identity;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnError;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import dev.hubbub.access.Limits;
import dev.hubbub.access.Networks;
import dev.hubbub.builtin.RoomEvents;
import dev.hubbub.builtin.TestEvents;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventDecoder;
import jakarta.json.JsonObject;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    record Bid(String lot, int amount) {}

    @Retention(RetentionPolicy.RUNTIME)
    @interface Nullable {}

    @EventHandlers
    static final class Sample {
        final CompletableFuture<String> later = new CompletableFuture<>();
        final List<String> log = new ArrayList<>();

        @OnConnect
        void hello(Client client, Handshake handshake) {
            log.add("hello " + handshake.remoteAddress());
            if (handshake.parameter("banned").isPresent()) {
                throw new EventException("forbidden", "You are banned");
            }
        }

        @OnDisconnect
        void bye(Client client, Close close) {
            log.add("bye " + close.code());
            throw new IllegalStateException("ignored");
        }

        @OnError
        void failed(Event event, Throwable failure) {
            log.add(event.name() + " " + failure.getMessage());
        }

        @OnEvent("bid")
        Bid bid(Client client, Bid bid) {
            return new Bid(bid.lot(), bid.amount() + 1);
        }

        @OnEvent("optional-bid")
        boolean optionalBid(@Nullable Bid bid) {
            return bid == null;
        }

        @OnEvent("all")
        String all(
                Hub hub,
                Client client,
                Room room,
                Event event,
                Data data,
                JsonObject json,
                ByteBuffer bytes,
                byte[] raw) {
            return hub.size()
                    + room.name()
                    + event.name()
                    + data.json()
                    + json.getString("room")
                    + bytes.remaining()
                    + raw.length;
        }

        @OnEvent("list")
        int list(List<Bid> bids) {
            return bids.stream().mapToInt(Bid::amount).sum();
        }

        @OnEvent("number")
        long number(long n) {
            return n;
        }

        @OnEvent("text")
        String text(String text) {
            return text;
        }

        @OnEvent("later")
        CompletionStage<String> later() {
            return later;
        }

        @OnEvent("refuse")
        void refuse() {
            throw new EventException("too-low", "Bid more");
        }

        @OnEvent("fail")
        void fail() {
            throw new IllegalStateException("secret");
        }

        @OnEvent("overflow")
        int overflow() {
            return overflow() + 1;
        }

        @OnEvent("unwritable")
        Object unwritable() {
            return new Object() {
                public String getValue() {
                    throw new IllegalStateException("secret");
                }
            };
        }
    }

    private final LocalHub hub = new TestHub().start();
    private final Sample sample = new Sample();
    private final Dispatcher dispatcher = new Dispatcher(
            new Handlers(List.of(RoomEvents.class, TestEvents.class), List.of(Sample.class), this::instance, hub),
            null);
    private final RecordingConnection socket = new RecordingConnection();
    private final LocalClient client = connect(socket, Map.of());

    private Object instance(Class<?> type) {
        return type == Sample.class ? sample : type == RoomEvents.class ? new RoomEvents() : new TestEvents();
    }

    private LocalClient connect(RecordingConnection connection, Map<String, List<String>> query) {
        return TestHub.connect(hub, connection, new Handshake("10.1.2.3", Map.of(), query, Identity.ANONYMOUS));
    }

    @AfterEach
    void stop() {
        hub.stop(Duration.ZERO, Duration.ZERO);
    }

    /** Dispatches a frame and returns the frames that were sent in return. */
    private List<String> dispatch(String frame) {
        int before = socket.frames.size();
        dispatcher.event(client, EventDecoder.event(frame));
        return socket.frames.subList(before, socket.frames.size());
    }

    private static String error(String code, String message, String id) {
        return "{\"name\":\"error\",\"data\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}"
                + (id == null ? "}" : ",\"id\":" + id + "}");
    }

    @Test
    void theResultIsSentAsTheAcknowledgement() {
        assertThat(dispatch("{\"name\":\"bid\",\"data\":{\"lot\":\"7\",\"amount\":5},\"id\":1}"))
                .containsExactly("{\"name\":\"ack\",\"data\":{\"lot\":\"7\",\"amount\":6},\"id\":1}");
        assertThat(dispatch("{\"name\":\"bid\",\"data\":{\"lot\":\"7\",\"amount\":5}}"))
                .isEmpty();
        assertThat(dispatch("{\"name\":\"list\",\"data\":[{\"amount\":1},{\"amount\":2}],\"id\":\"x\"}"))
                .containsExactly("{\"name\":\"ack\",\"data\":3,\"id\":\"x\"}");
        assertThat(dispatch("{\"name\":\"number\",\"data\":12,\"id\":1}"))
                .containsExactly("{\"name\":\"ack\",\"data\":12,\"id\":1}");
        assertThat(dispatch("{\"name\":\"text\",\"data\":\"a\\nb\",\"id\":1}"))
                .containsExactly("{\"name\":\"ack\",\"data\":\"a\\nb\",\"id\":1}");
        assertThat(dispatch("{\"name\":\"text\",\"id\":1}"))
                .containsExactly("{\"name\":\"ack\",\"data\":null,\"id\":1}");
    }

    @Test
    void parametersAreBoundByType() {
        hub.room("a").join(client);
        byte[] frame = "{\"name\":\"all\",\"data\":{\"room\":\"a\"},\"id\":1}\0xyz".getBytes(StandardCharsets.UTF_8);
        dispatcher.event(client, EventDecoder.event(ByteBuffer.wrap(frame)));
        assertThat(socket.frames)
                .last()
                .isEqualTo("{\"name\":\"ack\",\"data\":\"1aall{\\\"room\\\":\\\"a\\\"}a33\",\"id\":1}");
    }

    @Test
    void dataThatCannotBeBoundIsInvalid() {
        Map.of(
                        "3", "The data does not have the expected form",
                        "[]", "The data does not have the expected form",
                        "null", "The data must be an object",
                        "{\"amount\":\"x\"}", "The member \\\"amount\\\" must be an integer",
                        "{\"lot\":\"a\"}", "The member \\\"amount\\\" is missing")
                .forEach((data, message) -> assertThat(dispatch("{\"name\":\"bid\",\"data\":" + data + ",\"id\":1}"))
                        .as(data)
                        .containsExactly(error("invalid-data", message, "1")));
        assertThat(dispatch("{\"name\":\"optional-bid\",\"id\":1}").get(0)).contains("\"data\":true");
        assertThat(dispatch("{\"name\":\"number\",\"id\":1}").get(0)).contains("invalid-data");
    }

    @Test
    void unknownEventsAndRoomsThatAreNotJoinedAreErrors() {
        assertThat(dispatch("{\"name\":\"nobody\",\"id\":2}"))
                .containsExactly(error("unknown-event", "There is no handler for this event", "2"));
        assertThat(dispatch("{\"name\":\"message\",\"data\":{\"room\":\"a\"}}"))
                .containsExactly(error("not-in-room", "You are not in the room; join it first", null));
    }

    @Test
    void aStageIsAcknowledgedWhenItCompletes() {
        assertThat(dispatch("{\"name\":\"later\",\"id\":3}")).isEmpty();
        sample.later.complete("done");
        assertThat(socket.frames).last().isEqualTo("{\"name\":\"ack\",\"data\":\"done\",\"id\":3}");
    }

    @Test
    void aFailedStageIsAnsweredLikeAnException() {
        dispatch("{\"name\":\"later\",\"id\":3}");
        sample.later.completeExceptionally(new EventException("too-late", "Gone"));
        assertThat(socket.frames).last().isEqualTo(error("too-late", "Gone", "3"));
    }

    @Test
    void anEventExceptionIsSentAsTheError() {
        assertThat(dispatch("{\"name\":\"refuse\",\"id\":4}")).containsExactly(error("too-low", "Bid more", "4"));
    }

    @Test
    void anyOtherFailureIsAnsweredWithInternalAndNoDetails() {
        String internal = error("internal", "The server failed to handle the event", "5");
        assertThat(dispatch("{\"name\":\"fail\",\"id\":5}")).containsExactly(internal);
        assertThat(dispatch("{\"name\":\"overflow\",\"id\":5}")).containsExactly(internal);
        assertThat(dispatch("{\"name\":\"unwritable\",\"id\":5}")).containsExactly(internal);
        assertThat(sample.log).contains("fail secret");
        assertThat(client.isConnected()).isTrue();
    }

    @Test
    void connectAndDisconnectHandlersAreCalledAndMayReject() {
        dispatcher.connected(client);
        RecordingConnection banned = new RecordingConnection();
        dispatcher.connected(connect(banned, Map.of("banned", List.of(""))));
        await().until(() -> banned.closeCode == 1008);
        assertThat(sample.log).containsExactly("hello 10.1.2.3", "hello 10.1.2.3");
        dispatcher.disconnected(client, new Close(1001, ""));
        await().untilAsserted(() -> assertThat(sample.log).last().isEqualTo("bye 1001"));
    }

    @Test
    void acknowledgementsOfTheClientCompleteTheRequest() {
        CompletionStage<Data> answer = client.ask("sure?", 1, Duration.ofSeconds(10));
        assertThat(dispatch("{\"name\":\"ack\",\"id\":1,\"data\":true}")).isEmpty();
        assertThat(answer.toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(10))
                .matches(data -> data.json().equals("true"));
        assertThat(dispatch("{\"name\":\"ack\",\"id\":99}")).isEmpty();
        assertThat(dispatch("{\"name\":\"ack\"}").get(0)).contains("malformed");
        assertThat(dispatch("{\"name\":\"connected\",\"id\":1}").get(0)).contains("malformed");
    }

    @Test
    void builtInEventsFollowTheProtocol() {
        String id = client.id();
        assertThat(dispatch("{\"name\":\"join\"}").stream()
                        .map(frame -> frame.replaceAll("\"epoch\":\"[\\w-]{11}\"", "\"epoch\":\"E\"")))
                .containsExactly(
                        "{\"name\":\"hello\",\"data\":{\"id\":\"" + id + "\",\"room\":\"lobby\",\"members\":[{\"id\":\""
                                + id + "\"}],\"epoch\":\"E\",\"position\":0}}");
        assertThat(dispatch("{\"name\":\"join\",\"data\":{\"room\":\"a\",\"nick\":\"k\"},\"id\":1}"))
                .hasSize(2);
        assertThat(dispatch(
                        "{\"name\":\"message\",\"data\":{\"room\":\"a\",\"text\":\"hi\",\"from\":\"x\",\"n\":1.0}}"))
                .containsExactly("{\"name\":\"message\",\"data\":{\"room\":\"a\",\"from\":\"" + id
                        + "\",\"text\":\"hi\",\"n\":1.0}}");
        assertThat(dispatch("{\"name\":\"broadcast\",\"data\":{\"room\":\"a\"},\"id\":2}").stream()
                        .map(frame -> frame.replaceAll("\"[\\w-]{11}\\.", "\"E.")))
                .containsExactly("{\"name\":\"ack\",\"data\":{\"position\":\"E.2\"},\"id\":2}");
        assertThat(dispatch("{\"name\":\"leave\",\"data\":{\"room\":\"a\"}}"))
                .containsExactly("{\"name\":\"left\",\"data\":{\"room\":\"a\",\"id\":\"" + id + "\"}}");
        assertThat(dispatch("{\"name\":\"echo\",\"data\":[1],\"id\":3}"))
                .containsExactly("{\"name\":\"ack\",\"data\":[1],\"id\":3}");
        assertThat(dispatch("{\"name\":\"echo\",\"data\":[1]}")).containsExactly("{\"name\":\"ack\",\"data\":[1]}");
        assertThat(dispatch("{\"name\":\"ping\"}")).containsExactly("{\"name\":\"pong\"}");
    }

    @Test
    void builtInEventsRejectInvalidData() {
        assertThat(dispatch("{\"name\":\"join\",\"data\":[]}").get(0)).contains("invalid-data");
        assertThat(dispatch("{\"name\":\"join\",\"data\":{\"room\":1}}").get(0)).contains("invalid-data");
        assertThat(dispatch("{\"name\":\"join\",\"data\":{\"room\":\"\"}}").get(0))
                .contains("invalid-data");
        assertThat(dispatch("{\"name\":\"join\",\"data\":{\"nick\":\"" + "n".repeat(65) + "\"}}")
                        .get(0))
                .contains("too-large");
        assertThat(hub.roomNames()).isEmpty();
    }

    @Test
    void repeatedErrorsCloseTheConnectionWith1008AndAValidEventResetsTheCount() {
        for (int i = 0; i < 99; i++) {
            dispatch("{\"name\":\"nobody\"}");
        }
        dispatch("{\"name\":\"ping\"}");
        for (int i = 0; i < 99; i++) {
            dispatch("{\"name\":\"nobody\"}");
        }
        assertThat(socket.closeCode).isZero();
        dispatch("{\"name\":\"nobody\"}");
        await().until(() -> socket.closeCode == 1008);
        assertThat(socket.data("error")).hasSize(199);
    }

    /** A page that goes on while the database is away must find its connection when it is back. */
    @Test
    void eventsThatCannotBeStoredDoNotCloseTheConnection() {
        for (int i = 0; i < 500; i++) {
            client.reject("1", new EventException(EventException.UNAVAILABLE, "The database does not answer"));
        }
        dispatch("{\"name\":\"nobody\"}");
        assertThat(socket.closeCode).isZero();
        assertThat(client.isClosing()).isFalse();
    }

    @Test
    void framesThatAreNoEventsCountForTheRateLimit() {
        int max = Integer.MAX_VALUE;
        LocalHub limited = new TestHub()
                .limits(new Limits(max, max, max, max, max, 1, 20, max, max, 1_000, Networks.parse("")))
                .start();
        try {
            RecordingConnection connection = new RecordingConnection();
            LocalClient sender = TestHub.connect(
                    limited, connection, new Handshake("10.1.2.3", Map.of(), Map.of(), Identity.ANONYMOUS));
            EventException malformed = new EventException(EventException.MALFORMED, "no event");
            for (int i = 0; i < 100 && sender.isConnected(); i++) {
                dispatcher.invalid(sender, null, malformed);
                dispatcher.event(sender, EventDecoder.event("{\"name\":\"number\",\"data\":1}"));
            }
            await().until(() -> connection.closeCode == CloseCode.POLICY);
            assertThat(connection.frames.stream().filter(frame -> frame.contains("malformed")))
                    .hasSizeBetween(10, 12);
        } finally {
            limited.stop(Duration.ZERO, Duration.ZERO);
        }
    }
}
