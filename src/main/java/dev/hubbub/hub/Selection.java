package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.Group;
import dev.hubbub.protocol.EventEncoder;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Some clients of the hub.
 *
 * @param rooms everybody in these; null means all clients
 */
record Selection(LocalHub hub, Set<String> rooms, Set<? extends Client> except) implements Group {
    @Override
    public void emit(String name, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        hub.emit(rooms, except, EventEncoder.event(name, data, attachments, delivery));
    }

    @Override
    public Group except(Client... clients) {
        Set<Client> all = new HashSet<>(except);
        Collections.addAll(all, clients);
        return new Selection(hub, rooms, all);
    }
}
