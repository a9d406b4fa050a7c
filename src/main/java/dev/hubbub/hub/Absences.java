package dev.hubbub.hub;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients that were lost and are awaited for a while: who comes back in time and shows that it is the same keeps its id, and
 * the members of its rooms need not know that it was away.
 */
final class Absences {
    /** Who comes and goes at will must not fill the memory; who finds no place is not awaited. */
    private static final int MAX = 10_000;

    private final Map<String, LocalClient> lost = new ConcurrentHashMap<>();

    /** @return false if there is no place */
    boolean await(LocalClient client) {
        boolean hasPlace = lost.size() < MAX;
        if (hasPlace) {
            lost.put(client.id(), client);
        }
        return hasPlace;
    }

    /** Is awaited no more; false if it was not. */
    boolean end(LocalClient client) {
        return lost.remove(client.id(), client);
    }

    LocalClient find(String id) {
        return lost.get(id);
    }

    /** Whether somebody who shows this secret and is this user is that client, which may be null. */
    static boolean isSame(LocalClient client, String secret, String user) {
        return client != null
                && Secret.isSame(client.connection().secret(), secret)
                && Objects.equals(client.identity().name(), user);
    }
}
