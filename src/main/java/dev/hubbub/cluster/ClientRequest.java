package dev.hubbub.cluster;

import dev.hubbub.ClientRef;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.Join;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What one node asks another to do with a client that is connected there. */
sealed interface ClientRequest {
    void write(ClientMessage.Writer to);

    /** Carries it out, on the client's node. */
    CompletionStage<?> on(ClientRef client);

    /** @throws IllegalArgumentException if this is no request of ours */
    static ClientRequest read(ClientMessage.Reader from) {
        int kind = from.count();
        return switch (kind) {
            case Emit.KIND -> Emit.of(from);
            case Ask.KIND -> Ask.of(from);
            case CloseIt.KIND -> CloseIt.of(from);
            case JoinRoom.KIND -> JoinRoom.of(from);
            case LeaveRoom.KIND -> new LeaveRoom(from.text());
            default -> throw new IllegalArgumentException("request " + kind);
        };
    }

    record Emit(String name, Data data, List<ByteBuffer> attachments, Delivery delivery) implements ClientRequest {
        static final int KIND = 1;

        static Emit of(ClientMessage.Reader from) {
            String name = from.text();
            Data data = from.data();
            List<ByteBuffer> attachments = from.attachments();
            boolean droppable = from.count() == 1;
            String key = from.text();
            long interval = from.number();
            Delivery delivery = new Delivery(droppable, key, interval <= 0 ? null : Duration.ofMillis(interval));
            return new Emit(name, data, attachments, delivery);
        }

        @Override
        public void write(ClientMessage.Writer to) {
            to.number(KIND).text(name).data(data).attachments(attachments);
            to.number(delivery.droppable() ? 1 : 0).text(delivery.key());
            to.number(
                    delivery.interval() == null
                            ? 0
                            : Math.max(1, delivery.interval().toMillis()));
        }

        @Override
        public CompletionStage<?> on(ClientRef client) {
            return client.emit(name, data, attachments, delivery);
        }
    }

    record Ask(String name, Data data, List<ByteBuffer> attachments, Duration timeout) implements ClientRequest {
        static final int KIND = 2;

        static Ask of(ClientMessage.Reader from) {
            return new Ask(from.text(), from.data(), from.attachments(), Duration.ofMillis(Math.max(1, from.number())));
        }

        @Override
        public void write(ClientMessage.Writer to) {
            to.number(KIND).text(name).data(data).attachments(attachments).number(timeout.toMillis());
        }

        @Override
        public CompletionStage<?> on(ClientRef client) {
            return client.ask(name, data, attachments, timeout);
        }
    }

    record CloseIt(int code, String reason) implements ClientRequest {
        static final int KIND = 3;

        static CloseIt of(ClientMessage.Reader from) {
            return new CloseIt(from.count(), from.text());
        }

        @Override
        public void write(ClientMessage.Writer to) {
            to.number(KIND).number(code).text(reason);
        }

        @Override
        public CompletionStage<?> on(ClientRef client) {
            return client.close(code, reason);
        }
    }

    record JoinRoom(String room, Join join) implements ClientRequest {
        static final int KIND = 4;

        static JoinRoom of(ClientMessage.Reader from) {
            String room = from.text();
            return new JoinRoom(room, new Join(from.text(), from.data(), from.text(), from.count(), from.data()));
        }

        @Override
        public void write(ClientMessage.Writer to) {
            to.number(KIND).text(room).text(join.nick()).data(join.data());
            to.text(join.since()).number(join.last()).data(join.request());
        }

        @Override
        public CompletionStage<?> on(ClientRef client) {
            return client.join(room, join);
        }
    }

    record LeaveRoom(String room) implements ClientRequest {
        static final int KIND = 5;

        @Override
        public void write(ClientMessage.Writer to) {
            to.number(KIND).text(room);
        }

        @Override
        public CompletionStage<?> on(ClientRef client) {
            return client.leave(room);
        }
    }
}
