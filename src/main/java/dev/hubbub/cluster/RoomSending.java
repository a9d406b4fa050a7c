package dev.hubbub.cluster;

import dev.hubbub.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** A call with what a node sends to one room. */
abstract class RoomSending extends Call {
    final RoomPublisher publisher;
    final List<Publication> items;
    final int bytes;

    RoomSending(RoomPublisher publisher, List<Publication> items, int bytes) {
        this.publisher = publisher;
        this.items = items;
        this.bytes = bytes;
    }

    @Override
    int size() {
        return 256 + bytes;
    }

    @Override
    void sending() {
        publisher.broker.queue().remove(items);
    }

    @Override
    void failed(RuntimeException failure) {
        if (!written) {
            publisher.broker.queue().remove(items);
        }
        publisher.broker.fail(items, failure);
        publisher.ended();
    }

    byte[] body() {
        ByteBuffer body = ByteBuffer.allocate(bytes);
        items.forEach(item -> body.put(item.bytes()));
        return body.array();
    }

    /** Droppable events, which Redis only hands on. */
    static final class Dropping extends RoomSending {
        Dropping(RoomPublisher publisher, List<Publication> items, int bytes) {
            super(publisher, items, bytes);
        }

        @Override
        CommandArguments arguments(String term) {
            byte[] head = ("" + EventBatch.FORMAT + EventBatch.DROPPABLE + items.size() + "\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] message = ByteBuffer.allocate(head.length + bytes)
                    .put(head)
                    .put(body())
                    .array();
            return new CommandArguments(Command.PUBLISH)
                    .add(publisher.keys.channel())
                    .add(message);
        }

        @Override
        boolean mayRepeat() {
            return false;
        }

        @Override
        void replied(Object reply) {
            Position position = publisher.feed.position();
            publisher.broker.complete(
                    items.stream().map(Publication::stage).toList(), stage -> stage.complete(position));
            publisher.ended();
        }
    }

    /** Changes of the room's members. */
    static final class Announcing extends RoomSending {
        Announcing(RoomPublisher publisher, List<Publication> items, int bytes) {
            super(publisher, items, bytes);
        }

        @Override
        CommandArguments arguments(String term) {
            RoomKeys keys = publisher.keys;
            RedisBroker broker = publisher.broker;
            CommandArguments arguments = script(Script.PRESENCE, 5)
                    .add(keys.meta())
                    .add(keys.members())
                    .add(keys.counts())
                    .add(keys.places())
                    .add(broker.roomsOfNode())
                    .add(broker.node())
                    .add(keys.room())
                    .add(keys.channel())
                    .add(broker.config().presenceLimit())
                    .add(RoomKeys.META_MS);
            items.get(0).changes().addTo(arguments);
            return arguments;
        }

        @Override
        void replied(Object reply) {
            publisher.ended();
            publisher.feed.presence().announced((Long) reply == 1);
        }

        @Override
        void failed(RuntimeException failure) {
            super.failed(failure);
            publisher.feed.presence().lose();
        }
    }
}
