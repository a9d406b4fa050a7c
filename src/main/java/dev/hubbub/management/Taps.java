package dev.hubbub.management;

import dev.hubbub.Client;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.hub.Tap;
import dev.hubbub.hub.TapPoints;
import java.util.LinkedHashMap;
import java.util.Map;

/** What operators watch at the moment: rooms and clients of this node, by name. */
final class Taps {
    /** All operators together. */
    private static final int MAX = 10;

    private final Hubbub hubbub;
    private final Map<String, Tap> taps = new LinkedHashMap<>();

    Taps(Hubbub hubbub) {
        this.hubbub = hubbub;
    }

    /**
     * Begins to watch, unless somebody does already.
     *
     * @param client an id; null for a room
     * @return false if there is no such client or room here
     * @throws IllegalStateException if too much is watched
     */
    synchronized boolean begin(String client, String namespace, String room) {
        taps.values().removeIf(Tap::endIfIdle);
        if (taps.size() >= MAX) {
            throw new IllegalStateException("At most " + MAX + " rooms and clients can be watched at the same time");
        }
        Tap tap = client == null ? ofRoom(namespace, room) : ofClient(client);
        if (tap != null) {
            tap.after(0);
            taps.put(key(client, namespace, room), tap);
        }
        return tap != null;
    }

    /** Null if it is not watched, or no longer, because nobody has read for a while. */
    synchronized Tap.Lines read(String client, String namespace, String room, long after) {
        Tap tap = taps.get(key(client, namespace, room));
        return tap == null || tap.endIfIdle() ? null : tap.after(after);
    }

    private static String key(String client, String namespace, String room) {
        return client == null ? namespace + ' ' + room : client;
    }

    private Tap ofRoom(String namespace, String room) {
        NamespaceRuntime found = hubbub.namespace(namespace);
        return found == null ? null : TapPoints.begin(found.hub().room(room));
    }

    private Tap ofClient(String id) {
        for (NamespaceRuntime namespace : hubbub.namespaces()) {
            Client client = namespace.hub().client(id).orElse(null);
            if (client != null) {
                return TapPoints.begin(client);
            }
        }
        return null;
    }
}
