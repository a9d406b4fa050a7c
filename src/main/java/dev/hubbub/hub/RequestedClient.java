package dev.hubbub.hub;

import dev.hubbub.ClientRef;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A client of this node for the requests of other nodes. The calling thread reads for all rooms, so it neither writes to sockets
 * nor runs code of the application: writers send the events, and the client's mailbox joins and leaves rooms.
 */
record RequestedClient(LocalClient client, Writers writers, Conflater conflater) implements ClientRef {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    @Override
    public String id() {
        return client.id();
    }

    @Override
    public CompletionStage<Void> emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        Frame frame = EventEncoder.event(name, data, attachments, delivery);
        if (delivery.interval() == null) {
            client.sendLater(frame);
        } else {
            conflater.send(client, frame, client::sendLater);
        }
        return DONE;
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return client.pendingAcks.ask(timeout, eventId -> {
            client.sendLater(EventEncoder.eventWithId(name, data, eventId, attachments));
            return client.isConnected();
        });
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        writers.execute("close", () -> client.close(code, reason)); // may write what waits
        return DONE;
    }

    @Override
    public CompletionStage<Void> join(String room, Join join) {
        return inMailbox(() -> client.room(room).join(client, join));
    }

    @Override
    public CompletionStage<Boolean> leave(String room) {
        return inMailbox(
                () -> CompletableFuture.completedFuture(client.room(room).leave(client)));
    }

    private <T> CompletionStage<T> inMailbox(Supplier<CompletionStage<T>> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        boolean taken = client.mailbox().addLater(() -> run(task, done));
        return taken
                ? done
                : CompletableFuture.failedFuture(
                        new EventException(EventException.OVERLOADED, "Too many events of the client wait"));
    }

    private static <T> void run(Supplier<CompletionStage<T>> task, CompletableFuture<T> done) {
        try {
            task.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    done.complete(value);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }
}
