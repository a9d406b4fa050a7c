package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.Group;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members of some rooms.
 *
 * @param names of one or more rooms; {@link Rooms#EVERYONE} for all clients
 * @param except who gets nothing, see {@link Exclusion}
 * @param source whose events they are
 * @param sender the client that sends the events; null if none does
 */
record Selection(Rooms rooms, Set<String> names, Set<String> except, Source source, Client sender) implements Group {
    @Override
    public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        Frame frame = EventEncoder.event(event, data, attachments, delivery);
        if (names.size() == 1) {
            rooms.publish(names.iterator().next(), frame, except, source);
        } else {
            rooms.publish(names, frame, except, source);
        }
    }

    @Override
    public Group except(Client... clients) {
        Set<String> all = new HashSet<>(except);
        all.addAll(Exclusion.of(sender, clients));
        return new Selection(rooms, names, all, source, sender);
    }
}
