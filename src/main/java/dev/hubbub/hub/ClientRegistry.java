package dev.hubbub.hub;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients of one namespace on this node, by id. */
final class ClientRegistry {
    private final Map<String, LocalClient> clients = new ConcurrentHashMap<>();

    void add(LocalClient client) {
        clients.put(client.id(), client);
    }

    void remove(LocalClient client) {
        clients.remove(client.id(), client);
    }

    /** Null if there is none with this id. */
    LocalClient find(String id) {
        return clients.get(id);
    }

    /** A view of the clients as they are at any time. */
    Collection<LocalClient> all() {
        return clients.values();
    }

    int size() {
        return clients.size();
    }
}
