package dev.hubbub.hub;

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

/** A client that is not connected to any node: everything fails with {@code disconnected}. */
record AbsentClient(String id) implements ClientRef {
    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedFuture(
                new EventException(EventException.DISCONNECTED, "The client is not connected"));
    }

    @Override
    public CompletionStage<Void> emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        return failed();
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return failed();
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        return failed();
    }

    @Override
    public CompletionStage<Void> join(String room, Join join) {
        return failed();
    }

    @Override
    public CompletionStage<Boolean> leave(String room) {
        return failed();
    }
}
