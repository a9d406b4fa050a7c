package dev.hubbub.socketio;

import dev.hubbub.Data;
import dev.hubbub.Identity;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients that have lost their connection and may come back to where they were, for as long as rooms remember. They show
 * that they are themselves by a secret, {@code pid}, and by being the same user as before.
 */
final class Comebacks {
    /** Who comes and goes at will must not fill the memory; who finds no place begins anew. */
    private static final int MAX = 10_000;

    private final Hubbub hubbub;
    private final Map<String, NamespaceConnection> present = new ConcurrentHashMap<>();
    private final Map<String, Former> gone = new ConcurrentHashMap<>();

    /**
     * @param user whom it was taken for; null for nobody
     * @param rooms with its nick in each
     * @param seen what it has seen of what; filled in when it comes back
     */
    record Former(
            String pid,
            String id,
            Hubbub.NamespaceRuntime space,
            String user,
            Map<String, String> rooms,
            Offsets offsets,
            Map<String, Long> seen,
            Map<String, Object> attributes) {
        Former withSeen(Map<String, Long> positions) {
            return new Former(pid, id, space, user, rooms, offsets, positions, attributes);
        }
    }

    Comebacks(Hubbub hubbub) {
        this.hubbub = hubbub;
    }

    /** Null if nothing is remembered. */
    String newPid() {
        return hubbub.settings().logEvents() == 0 ? null : Secret.next();
    }

    void present(String pid, NamespaceConnection connection) {
        present.put(pid, connection);
    }

    void forget(String pid) {
        if (pid != null) {
            present.remove(pid);
            gone.remove(pid);
        }
    }

    void keep(String pid, Former former) {
        if (gone.size() < MAX) {
            gone.put(pid, former);
            hubbub.hub().after(hubbub.settings().logAge(), () -> gone.remove(pid, former));
        }
        present.remove(pid); // and not before: who comes back looks here first
    }

    /**
     * Who it is that comes back.
     *
     * @param auth with {@code pid}, and {@code offset} if the client has one
     * @return null if it is nobody, or something that was missed is forgotten
     */
    Former take(Hubbub.NamespaceRuntime space, Identity identity, Data auth) {
        String pid = string(auth, "pid");
        if (pid == null) {
            return null;
        }
        NamespaceConnection here = present.get(pid);
        if (here != null) {
            here.supersede(); // the client knows before us that its connection is gone
        }
        Former former = gone.remove(pid);
        boolean same = former != null && former.space().equals(space) && Objects.equals(former.user(), identity.name());
        if (!same) {
            return null;
        }
        Map<String, Long> seen = former.offsets().seen(string(auth, "offset"));
        return space.hub().remembers(former.rooms().keySet(), seen) ? former.withSeen(seen) : null;
    }

    /** What the application gave as {@code auth}: handlers have no use for the rest, and it is not for logs. */
    Data withoutSecrets(Data auth) {
        return auth.without("pid", "offset");
    }

    static String string(Data object, String member) {
        try {
            return object.string(member);
        } catch (RuntimeException other) {
            return null;
        }
    }
}
