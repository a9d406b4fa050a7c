package dev.hubbub.cluster;

import dev.hubbub.Delivery;
import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Events as they travel: what the scripts call the body, and the message around it.
 *
 * <p>A message is one line of ASCII and a body. The line is {@code 1p<epoch> <number of the last event> <count> <at> <positions>}:
 * the format, the kind ({@code p} events of one room, {@code m} one event of several rooms, {@code d} droppable events, which are
 * {@code 1d<count>}), and for {@code m} the event's positions in the rooms before, or {@code -}.
 *
 * <p>An event in the body is its flags in one byte, the length of the excluded clients' ids and these separated by commas, for
 * droppable events the length of the key and the key, then the length of the frame and the frame as it goes to a socket; lengths
 * have four bytes.
 *
 * @param kind {@code p}, {@code m} or {@code d}
 * @param position of the last event; null if they are droppable
 * @param elsewhere positions of the same event in other rooms
 */
record EventBatch(char kind, Position position, int count, long at, List<Position> elsewhere, ByteBuffer body) {
    static final char FORMAT = '1';
    static final char PUBLISHED = 'p';
    static final char MULTI = 'm';
    static final char DROPPABLE = 'd';

    private static final int BINARY = 1;
    private static final int HAS_KEY = 2;

    /** One event of a batch, without its position. */
    record Event(Frame frame, Set<String> except) {}

    /** An event that is to be published, in its form for the body. */
    static byte[] encode(Frame frame, Set<String> except) {
        byte[] ids = except.isEmpty() ? new byte[0] : String.join(",", except).getBytes(StandardCharsets.UTF_8);
        Delivery delivery = frame.delivery();
        byte[] key = delivery.key() == null ? null : delivery.key().getBytes(StandardCharsets.UTF_8);
        byte[] wire = frame.wire();
        ByteBuffer to = ByteBuffer.allocate(9 + ids.length + (key == null ? 0 : 4 + key.length) + wire.length);
        to.put((byte) ((frame.kind() == Frame.Kind.BINARY ? BINARY : 0) | (key == null ? 0 : HAS_KEY)));
        to.putInt(ids.length).put(ids);
        if (key != null) {
            to.putInt(key.length).put(key);
        }
        return to.putInt(wire.length).put(wire).array();
    }

    /** @throws IllegalArgumentException if this is no message of ours */
    static EventBatch parse(byte[] message) {
        try {
            if (message[0] != FORMAT) {
                throw new IllegalArgumentException("format " + message[0]);
            }
            int line = 2;
            while (message[line] != '\n') {
                line++;
            }
            ByteBuffer body = ByteBuffer.wrap(message, line + 1, message.length - line - 1);
            char kind = (char) message[1];
            String head = new String(message, 2, line - 2, StandardCharsets.US_ASCII);
            if (kind == DROPPABLE) {
                return new EventBatch(kind, null, Integer.parseInt(head), 0, List.of(), body);
            }
            if (kind != PUBLISHED && kind != MULTI) {
                throw new IllegalArgumentException("kind " + kind);
            }
            String[] parts = head.split(" ");
            int count = Integer.parseInt(parts[2]);
            Position position = new Position(parts[0], Long.parseLong(parts[1]));
            if (count < 1 || count > position.number()) {
                throw new IllegalArgumentException("count " + count);
            }
            return new EventBatch(kind, position, count, Long.parseLong(parts[3]), positions(parts[4]), body);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("cut or malformed", e);
        }
    }

    private static List<Position> positions(String list) {
        if (list.equals("-")) {
            return List.of();
        }
        List<Position> positions = new ArrayList<>();
        for (String position : list.split(",")) {
            positions.add(Position.parse(position).orElseThrow(() -> new IllegalArgumentException("position")));
        }
        return positions;
    }

    /** The number before the first event. */
    long before() {
        return position.number() - count;
    }

    Broker.StoredEvent stored(Event event) {
        return new Broker.StoredEvent(event.frame, event.except, elsewhere, at);
    }

    /** Reads all events; those up to {@code seen} are left out. */
    List<Event> events(long seen) {
        try {
            ByteBuffer in = body.duplicate();
            List<Event> events = new ArrayList<>(count);
            long number = position == null ? 0 : before();
            for (int i = 0; i < count; i++) {
                number++;
                Event event = event(in, position == null ? null : new Position(position.epoch(), number));
                if (position == null || number > seen) {
                    events.add(event);
                }
            }
            return events;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the body is cut or malformed", e);
        }
    }

    private static Event event(ByteBuffer in, Position position) {
        int flags = in.get();
        byte[] ids = bytes(in);
        Delivery delivery = Delivery.ALL;
        if ((flags & HAS_KEY) != 0) {
            delivery = Delivery.latest(new String(bytes(in), StandardCharsets.UTF_8));
        } else if (position == null) {
            delivery = Delivery.DROPPABLE;
        }
        Frame.Kind kind = (flags & BINARY) != 0 ? Frame.Kind.BINARY : Frame.Kind.TEXT;
        return new Event(
                Frame.of(kind, bytes(in), position, delivery),
                ids.length == 0
                        ? Set.of()
                        : new LinkedHashSet<>(List.of(new String(ids, StandardCharsets.UTF_8).split(","))));
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("length " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
