package dev.hubbub.hub;

import dev.hubbub.Member;
import dev.hubbub.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is in a room, and who is only away and still seen by the others. Guarded by the room's lock. */
final class Members {
    /** The value is the nick, "" for none. */
    private final Map<LocalClient, String> nicks = new LinkedHashMap<>();
    /** By its id who was lost and may come back, of which the members know nothing yet. */
    private final Map<String, Away> away = new HashMap<>(0);
    /** Members who are not to know who else is in. */
    private final Set<LocalClient> blind = new HashSet<>(0);

    /** All who are seen as {@code hello} has them, without the brackets; null if they are to be written anew. */
    private StringBuilder listed;

    private record Away(LocalClient client, String nick) {}

    Set<LocalClient> present() {
        return nicks.keySet();
    }

    Set<LocalClient> blind() {
        return blind;
    }

    boolean isEmpty() {
        return nicks.isEmpty();
    }

    boolean has(LocalClient client) {
        return nicks.containsKey(client);
    }

    /** How many the members think there are. */
    int seen() {
        return nicks.size() + away.size();
    }

    /**
     * @param sees whether it may know who else is in
     * @return the nick by which the others know it already, null if they do not
     */
    String put(LocalClient client, String nick, boolean sees) {
        if (sees) {
            blind.remove(client);
        } else {
            blind.add(client);
        }
        String before = nicks.put(client, nick);
        Away returned = away.remove(client.id());
        if (returned != null) {
            before = returned.nick;
        }
        if (before == null && listed != null) {
            Json.write(listed.append(','), member(client.id(), nick));
        } else if (!nick.equals(before)) {
            listed = null;
        }
        return before;
    }

    /**
     * @param stays whether the others are to see it as before
     * @return false if it was not in
     */
    boolean remove(LocalClient client, boolean stays) {
        String nick = nicks.remove(client);
        if (nick == null) {
            return false;
        }
        blind.remove(client);
        if (stays) {
            away.put(client.id(), new Away(client, nick));
        } else {
            listed = null;
        }
        return true;
    }

    /** Who is away is not seen any more. False if it is not away. */
    boolean giveUp(LocalClient client) {
        Away lost = away.get(client.id());
        if (lost == null || lost.client != client) {
            return false;
        }
        away.remove(client.id());
        listed = null;
        return true;
    }

    void giveUpAll() {
        away.clear();
    }

    /** There are so many that they are not to be listed any more. */
    void unlist() {
        listed = null;
    }

    /** Who is present. */
    List<Member> list() {
        List<Member> list = new ArrayList<>(nicks.size());
        nicks.forEach((client, nick) -> list.add(member(client.id(), nick)));
        return list;
    }

    /** All who are seen, as JSON without the brackets: written once, then it grows with those who come. */
    CharSequence listed() {
        if (listed == null) {
            List<Member> seen = list();
            away.forEach((id, lost) -> seen.add(member(id, lost.nick)));
            String json = Json.write(seen);
            listed = new StringBuilder(json).deleteCharAt(json.length() - 1).deleteCharAt(0);
        }
        return listed;
    }

    private static Member member(String id, String nick) {
        return new Member(id, nick.isEmpty() ? null : nick);
    }
}
