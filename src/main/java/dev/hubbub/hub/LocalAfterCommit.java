package dev.hubbub.hub;

import dev.hubbub.AfterCommit;
import dev.hubbub.Audience;
import dev.hubbub.Data;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Hub;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.protocol.EventEncoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Emits events of a hub after the commit of the transaction in which they are emitted. */
record LocalAfterCommit(Hub hub, Transactions transactions) implements AfterCommit {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** The transaction in which an event was published was rolled back. Only used on the server. */
    private static final String ROLLED_BACK = "rolled-back";

    @Override
    public Publisher room(String name) {
        Room room = hub.room(name);
        return new Publisher() {
            @Override
            public CompletionStage<Position> publish(String event, Object data) {
                Data encoded = encoded(event, data);
                CompletableFuture<Position> position = new CompletableFuture<>();
                transactions.whenEnded(committed -> {
                    if (!committed) {
                        position.completeExceptionally(
                                new EventException(ROLLED_BACK, "The transaction was rolled back"));
                        return;
                    }
                    try {
                        room.publish(event, encoded).whenComplete((published, failure) -> {
                            if (failure == null) {
                                position.complete(published);
                            } else {
                                position.completeExceptionally(failure);
                            }
                        });
                    } catch (RuntimeException e) {
                        position.completeExceptionally(e);
                    }
                });
                return position;
            }

            @Override
            public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
                later(room).emit(event, data, attachments, delivery);
            }
        };
    }

    @Override
    public Audience rooms(String... names) {
        return later(hub.rooms(names));
    }

    @Override
    public Audience client(String id) {
        return later((event, data, attachments, delivery) -> hub.remote(id).emit(event, data, attachments, delivery));
    }

    @Override
    public Audience user(String name) {
        return later(hub.user(name));
    }

    private Audience later(Audience audience) {
        return (event, data, attachments, delivery) -> {
            Data encoded = encoded(event, data);
            transactions.whenEnded(committed -> {
                if (committed) {
                    emit(audience, event, encoded, attachments, delivery);
                }
            });
        };
    }

    /** The transaction has committed, so its caller must not be told of a failure. */
    private static void emit(
            Audience audience, String event, Data data, List<ByteBuffer> attachments, Delivery delivery) {
        try {
            audience.emit(event, data, attachments, delivery);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The event \"" + event + "\" could not be sent after the commit", e);
        }
    }

    /** Checks and encodes an event as it is now. */
    private static Data encoded(String event, Object data) {
        Data encoded = Data.of(data);
        EventEncoder.event(event, null); // fails if the name is not one
        return encoded;
    }
}
