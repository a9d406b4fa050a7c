package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.ClientRef;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A client by its id. Each call looks for it on this node first, where everything is done by the calling thread, then on the
 * others.
 */
record LocalClientRef(ClientRegistry registry, RemoteClients elsewhere, String id) implements ClientRef {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private <T> CompletionStage<T> on(
            Function<Client, CompletionStage<T>> here, Function<ClientRef, CompletionStage<T>> there) {
        Client client = registry.find(id);
        try {
            return client == null ? there.apply(elsewhere.find(id)) : here.apply(client);
        } catch (EventException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    @Override
    public CompletionStage<Void> emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        return on(
                client -> {
                    client.emit(name, data, attachments, delivery);
                    return DONE;
                },
                remote -> remote.emit(name, data, attachments, delivery));
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return on(
                client -> client.ask(name, data, attachments, timeout),
                remote -> remote.ask(name, data, attachments, timeout));
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        return on(
                client -> {
                    client.close(code, reason);
                    return DONE;
                },
                remote -> remote.close(code, reason));
    }

    @Override
    public CompletionStage<Void> join(String room, Join join) {
        return on(client -> client.room(room).join(client, join), remote -> remote.join(room, join));
    }

    @Override
    public CompletionStage<Boolean> leave(String room) {
        return on(
                client -> CompletableFuture.completedFuture(client.room(room).leave(client)),
                remote -> remote.leave(room));
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
