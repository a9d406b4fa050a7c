package dev.hubbub.hub;

import dev.hubbub.Member;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members of a room, those that were lost and are still shown to the others, and those that are being sent what they have
 * missed. Guarded by the room's lock.
 */
final class RoomMembers {
    /** The value is the nick, "" for none. */
    private final Map<LocalClient, String> nicks = new LinkedHashMap<>();
    /** Lost members that may return, by id; the others have not been told yet. */
    private final Map<String, Lost> lost = new HashMap<>(0);
    /** Members that are not told who else is in the room. */
    private final Set<LocalClient> unaware = new HashSet<>(0);
    /** Events for members that are still to be sent what they have missed, and {@code hello} before that. */
    private final Map<LocalClient, HeldEvents> held = new HashMap<>(0);

    private final Outbox.Limits heldLimits;

    /** The shown members as {@code hello} lists them, without the brackets; null if they have to be written again. */
    private StringBuilder listed;

    private record Lost(LocalClient client, String nick) {}

    /** Bounded as an outbox. */
    private final class HeldEvents {
        private List<Frame> frames = new ArrayList<>();
        private long bytes;

        void add(Frame frame) {
            if (frames == null) {
                return;
            }
            bytes += frame.size();
            if (frames.size() == heldLimits.events() || bytes > heldLimits.bytes()) {
                frames = null;
            } else {
                frames.add(frame);
            }
        }
    }

    RoomMembers(Outbox.Limits heldLimits) {
        this.heldLimits = heldLimits;
    }

    Set<LocalClient> present() {
        return nicks.keySet();
    }

    boolean isUnaware(LocalClient client) {
        return unaware.contains(client);
    }

    /** Whether there are neither members nor lost ones that may return. */
    boolean isEmpty() {
        return nicks.isEmpty() && lost.isEmpty();
    }

    boolean has(LocalClient client) {
        return nicks.containsKey(client);
    }

    /** How many the members are shown: present ones and lost ones. */
    int shown() {
        return nicks.size() + lost.size();
    }

    /**
     * @param aware whether the client is told who else is in the room
     * @return the nick by which the others know it already, null if they do not
     */
    String put(LocalClient client, String nick, boolean aware) {
        setAware(client, aware);
        String before = nicks.put(client, nick);
        Lost returned = lost.remove(client.id());
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

    void setAware(LocalClient client, boolean aware) {
        if (aware) {
            unaware.remove(client);
        } else {
            unaware.add(client);
        }
    }

    /**
     * @param mayReturn whether the others are shown it as before
     * @return false if it was no member
     */
    boolean remove(LocalClient client, boolean mayReturn) {
        String nick = nicks.remove(client);
        if (nick == null) {
            return false;
        }
        unaware.remove(client);
        held.remove(client);
        if (mayReturn) {
            lost.put(client.id(), new Lost(client, nick));
        } else {
            listed = null;
        }
        return true;
    }

    /** A lost member is shown no longer. @return false if it is not lost, perhaps because it has returned */
    boolean giveUp(LocalClient client) {
        Lost gone = lost.get(client.id());
        if (gone == null || gone.client != client) {
            return false;
        }
        lost.remove(client.id());
        listed = null;
        return true;
    }

    /** The members are not listed in {@code hello} any more, because there are too many. */
    void stopListing() {
        listed = null;
    }

    List<Member> list() {
        List<Member> list = new ArrayList<>(nicks.size());
        nicks.forEach((client, nick) -> list.add(member(client.id(), nick)));
        return list;
    }

    /** All that are shown, as JSON without the brackets: written once, then extended by those that join. */
    CharSequence listed() {
        if (listed == null) {
            List<Member> shown = list();
            lost.forEach((id, gone) -> shown.add(member(id, gone.nick)));
            String json = Json.write(shown);
            listed = new StringBuilder(json).deleteCharAt(json.length() - 1).deleteCharAt(0);
        }
        return listed;
    }

    private static Member member(String id, String nick) {
        return new Member(id, nick.isEmpty() ? null : nick);
    }

    /** From now on events for this member wait until {@link #release}. */
    void hold(LocalClient client) {
        held.put(client, new HeldEvents());
    }

    /** Whether events are being held for a member: not if it has left meanwhile. */
    boolean isHeld(LocalClient client) {
        return held.containsKey(client);
    }

    /** The events that have been held for a member; null if there were too many. */
    List<Frame> release(LocalClient client) {
        return held.remove(client).frames;
    }

    /** Puts a frame into a member's outbox, or holds it. */
    void send(LocalClient member, Frame frame, List<Outbox> toWrite) {
        HeldEvents waiting = held.isEmpty() ? null : held.get(member);
        if (waiting == null) {
            member.add(frame, toWrite);
        } else {
            waiting.add(frame);
        }
    }
}
