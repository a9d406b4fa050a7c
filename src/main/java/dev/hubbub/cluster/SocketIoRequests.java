package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.Event;
import dev.hubbub.Join;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * Answers the requests of Node's Socket.IO servers in one namespace, for all nodes: a server waits for one answer of each
 * subscriber, and the node that exchanges events is the only one. Nothing waits here; too many requests at a time are dropped.
 */
final class SocketIoRequests {
    private static final int MAX_RUNNING = 1_000;
    private static final int MAX_ROOMS = 10_000;
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_ACK_TIMEOUT = Duration.ofMinutes(1);

    // Types of requests.
    private static final int SOCKETS = 0;
    private static final int ALL_ROOMS = 1;
    private static final int JOIN = 2;
    private static final int LEAVE = 3;
    private static final int DISCONNECT = 4;
    private static final int FETCH = 5;
    private static final int SERVER_SIDE_EMIT = 6;
    private static final int BROADCAST = 7;
    private static final int CLIENT_COUNT = 8;
    private static final int ACK = 9;

    private final SocketIoAudience audience;
    private final BiConsumer<String, byte[]> publisher;
    private final ClusterProblems problems;
    private final String responses;
    private final AtomicInteger running = new AtomicInteger();

    SocketIoRequests(SocketIoAudience audience, BiConsumer<String, byte[]> publisher, ClusterProblems problems) {
        this.audience = audience;
        this.publisher = publisher;
        this.problems = problems;
        responses = "socket.io-response#" + audience.namespace() + "#";
    }

    /** @throws IllegalArgumentException if this is no request */
    void received(String channel, byte[] message) {
        SocketIoPacket.checkSize(message);
        Object parsed = message.length > 0 && message[0] == '{'
                ? SocketIoValues.parse(new String(message, StandardCharsets.UTF_8))
                : MessagePack.read(message);
        Map<?, ?> request = SocketIoPacket.object(parsed, "request");
        if (!(request.get("type") instanceof Long type)) {
            throw new IllegalArgumentException("a request without a type");
        }
        if (running.incrementAndGet() > MAX_RUNNING) {
            running.decrementAndGet();
            throw new IllegalArgumentException("too many requests at a time");
        }
        CompletableFuture<?> answered;
        try {
            answered = handle(type.intValue(), request);
        } catch (RuntimeException e) {
            running.decrementAndGet();
            throw e;
        }
        answered.whenComplete((nothing, failure) -> {
            running.decrementAndGet();
            if (failure != null) {
                problems.foreign(channel, failure);
            }
        });
    }

    private CompletableFuture<?> handle(int type, Map<?, ?> request) {
        return switch (type) {
            case SOCKETS ->
                audience.find(SocketIoPacket.rooms(request.get("rooms")), List.of())
                        .thenAccept(found -> answer(request, "sockets", List.copyOf(found.keySet())));
            case ALL_ROOMS -> audience.rooms(MAX_ROOMS).thenAccept(rooms -> answer(request, "rooms", rooms));
            case JOIN ->
                change(
                        request,
                        (client, room) -> client.join(room, Join.as(null)).toCompletableFuture());
            case LEAVE -> change(request, (client, room) -> client.leave(room).toCompletableFuture());
            case DISCONNECT ->
                find(request).thenAccept(found -> {
                    found.keySet()
                            .forEach(id -> audience.client(id)
                                    .close(CloseCode.NORMAL, "The server has disconnected the client"));
                    answerSingle(request);
                });
            case FETCH -> find(request).thenAccept(found -> answer(request, "sockets", sockets(found)));
            case SERVER_SIDE_EMIT -> {
                if (request.get("requestId") != null) {
                    answer(request, "type", SERVER_SIDE_EMIT, "data", null); // Hubbub has no handlers for it
                }
                yield CompletableFuture.completedFuture(null);
            }
            case BROADCAST -> broadcast(request);
            default -> throw new IllegalArgumentException("a request of type " + type);
        };
    }

    /** The clients that a request means: those of its options, or one by its id. */
    private CompletableFuture<Map<String, Set<String>>> find(Map<?, ?> request) {
        if (request.get("sid") instanceof String id) {
            return audience.find(SocketIoPacket.rooms(List.of(id)), List.of());
        }
        Map<?, ?> options = SocketIoPacket.object(request.get("opts"), "options");
        return audience.find(SocketIoPacket.rooms(options.get("rooms")), SocketIoPacket.rooms(options.get("except")));
    }

    private CompletableFuture<?> change(Map<?, ?> request, BiFunction<ClientRef, String, CompletableFuture<?>> how) {
        Object rooms = request.get("sid") == null ? request.get("rooms") : List.of(request.get("room"));
        List<String> names = SocketIoPacket.rooms(rooms);
        return find(request)
                .thenCompose(found -> {
                    List<CompletableFuture<?>> changes = new ArrayList<>();
                    for (String id : found.keySet()) {
                        names.forEach(room ->
                                changes.add(how.apply(audience.client(id), room).exceptionally(gone -> null)));
                    }
                    return CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new));
                })
                .thenRun(() -> answerSingle(request));
    }

    /** Only a request about one socket is answered. */
    private void answerSingle(Map<?, ?> request) {
        if (request.get("sid") != null && request.get("requestId") != null) {
            answer(request);
        }
    }

    private List<Object> sockets(Map<String, Set<String>> found) {
        List<Object> sockets = new ArrayList<>();
        found.forEach((id, rooms) -> {
            Map<String, Object> socket = new LinkedHashMap<>();
            socket.put("id", id);
            socket.put("handshake", Map.of("headers", Map.of(), "query", Map.of(), "auth", Map.of()));
            socket.put("rooms", List.copyOf(rooms));
            socket.put("data", Map.of());
            sockets.add(socket);
        });
        return sockets;
    }

    /** An event that each client is to acknowledge. */
    private CompletableFuture<?> broadcast(Map<?, ?> request) {
        Map<?, ?> options = SocketIoPacket.object(request.get("opts"), "options");
        SocketIoPacket packet = SocketIoPacket.of("", SocketIoPacket.object(request.get("packet"), "packet"), options);
        Duration timeout =
                options.get("flags") instanceof Map<?, ?> flags && flags.get("timeout") instanceof Long millis
                        ? Duration.ofMillis(Math.max(1, Math.min(millis, MAX_ACK_TIMEOUT.toMillis())))
                        : ACK_TIMEOUT;
        return audience.find(packet.rooms(), packet.except()).thenAccept(found -> {
            answer(request, "type", CLIENT_COUNT, "clientCount", found.size());
            found.keySet()
                    .forEach(id -> audience.client(id)
                            .ask(packet.name(), packet.data(), packet.attachments(), timeout)
                            .thenAccept(ack -> acknowledged(request, ack)));
        });
    }

    private void acknowledged(Map<?, ?> request, Event ack) {
        List<Object> arguments = SocketIoValues.arguments(ack.data(), ack.attachments());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("type", ACK);
        answer.put("requestId", request.get("requestId"));
        answer.put("packet", arguments.isEmpty() ? null : arguments.get(0));
        publisher.accept(responses, MessagePack.write(answer));
    }

    /** @param members names and values in turn */
    private void answer(Map<?, ?> request, Object... members) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("requestId", request.get("requestId"));
        for (int i = 0; i < members.length; i += 2) {
            answer.put((String) members[i], members[i + 1]);
        }
        publisher.accept(responses, Json.write(answer).getBytes(StandardCharsets.UTF_8));
    }
}
