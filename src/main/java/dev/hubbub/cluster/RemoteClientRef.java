package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.Join;
import dev.hubbub.protocol.EventEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A client of one namespace that is connected to another node, or to none. */
record RemoteClientRef(NodeRequests requests, String namespace, String id) implements ClientRef {
    private <T> CompletionStage<T> send(ClientRequest request, Duration limit) {
        return requests.send(namespace, id, request, limit);
    }

    /** Checks and encodes an event as it is now. */
    private static Data encoded(String event, Object data) {
        EventEncoder.event(event, null); // fails if the name is not one
        return data == null ? Data.NULL : Data.of(data);
    }

    @Override
    public CompletionStage<Void> emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        return send(new ClientRequest.Emit(name, encoded(name, data), attachments, delivery), null);
    }

    @Override
    public CompletionStage<Event> ask(String name, Object data, List<ByteBuffer> attachments, Duration timeout) {
        return send(new ClientRequest.Ask(name, encoded(name, data), attachments, timeout), timeout);
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        return send(new ClientRequest.CloseIt(code, reason), null);
    }

    @Override
    public CompletionStage<Void> join(String room, Join join) {
        return send(new ClientRequest.JoinRoom(room, join), null);
    }

    @Override
    public CompletionStage<Boolean> leave(String room) {
        return send(new ClientRequest.LeaveRoom(room), null);
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
