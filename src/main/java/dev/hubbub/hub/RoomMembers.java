package dev.hubbub.hub;

import dev.hubbub.EventException;
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
    private final Map<LocalClient, Member> present = new LinkedHashMap<>();
    /** Lost members that may return, by id; the others have not been told yet. */
    private final Map<String, Lost> lost = new HashMap<>(0);
    /** Clients that are about to join; the application is being asked. */
    private final Set<LocalClient> reserved = new HashSet<>(0);
    /** Members that are not told who else is in the room. */
    private final Set<LocalClient> unaware = new HashSet<>(0);
    /** Events for members that are still to be sent what they have missed, and {@code hello} before that. */
    private final Map<LocalClient, HeldEvents> held = new HashMap<>(0);

    /** Members on other nodes by id, as {@code hello} lists them; empty if there are too many to list. */
    private Map<String, String> elsewhere = Map.of();
    /** How many members there are on other nodes. */
    private int countElsewhere;

    private final Outbox.Limits heldLimits;

    /** The shown members as {@code hello} lists them, without the brackets; null if they have to be written again. */
    private StringBuilder listed;

    private record Lost(LocalClient client, Member member) {}

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
        return present.keySet();
    }

    boolean isUnaware(LocalClient client) {
        return unaware.contains(client);
    }

    /** Whether there are neither members, nor lost ones that may return, nor clients that are about to join. */
    boolean isEmpty() {
        return present.isEmpty() && lost.isEmpty() && reserved.isEmpty();
    }

    boolean has(LocalClient client) {
        return present.containsKey(client);
    }

    /** @throws EventException {@code too-large} if the room is full, and the client has no place in it */
    void requirePlace(LocalClient client, int max) {
        if (shown() + reserved.size() >= max && !shows(client) && !reserved.contains(client)) {
            throw new EventException(EventException.TOO_LARGE, "The room is full");
        }
    }

    /** Keeps a place for a client that is about to join. @throws EventException as {@link #requirePlace} */
    void reserve(LocalClient client, int max) {
        requirePlace(client, max);
        reserved.add(client);
    }

    void cancelReservation(LocalClient client) {
        reserved.remove(client);
    }

    /** Whether the members are shown a client: it is one of them, or was lost and may return. */
    boolean shows(LocalClient client) {
        return present.containsKey(client) || lost.containsKey(client.id());
    }

    /** How many members there are on other nodes. */
    int elsewhere() {
        return countElsewhere;
    }

    /** Whether the members on other nodes are known one by one. */
    boolean knowsAll() {
        return elsewhere.size() == countElsewhere;
    }

    /** Whether a client is a member on another node. */
    boolean isElsewhere(LocalClient client) {
        return elsewhere.containsKey(client.id());
    }

    /** There are so many members on other nodes, too many to list them. */
    void countElsewhere(int count) {
        elsewhere = Map.of();
        countElsewhere = count;
    }

    /**
     * A member of another node has joined or left, or has another nick. A member that was lost here has returned there.
     *
     * @return whether the members of this node are to be told
     */
    boolean changeElsewhere(Broker.MemberChange change) {
        if (elsewhere.isEmpty()) {
            elsewhere = new LinkedHashMap<>();
            countElsewhere = 0;
        }
        if (change.json() == null) {
            boolean known = elsewhere.remove(change.id()) != null;
            countElsewhere = elsewhere.size();
            return known;
        }
        Lost returned = lost.remove(change.id());
        String before = elsewhere.put(change.id(), change.json());
        if (returned != null) {
            listed = null;
            before = Json.write(returned.member);
        }
        countElsewhere = elsewhere.size();
        return !change.json().equals(before == null ? present(change.id()) : before);
    }

    /** A present member as JSON: its client may have returned on another node before this one has noticed. */
    private String present(String id) {
        for (Map.Entry<LocalClient, Member> member : present.entrySet()) {
            if (member.getKey().id().equals(id)) {
                return Json.write(member.getValue());
            }
        }
        return null;
    }

    /** A client that joins here is on no other node any more. @return what it was there, null if it was not there */
    private Member takeFromElsewhere(String id) {
        String json = elsewhere.isEmpty() ? null : elsewhere.remove(id);
        if (json == null) {
            return null;
        }
        countElsewhere = elsewhere.size();
        return MemberJson.read(json);
    }

    /** How many the members are shown: present ones and lost ones. */
    int shown() {
        return present.size() + lost.size();
    }

    /**
     * @param aware whether the client is told who else is in the room
     * @return what the others know of it already, null if they do not
     */
    Member put(LocalClient client, Member member, boolean aware) {
        reserved.remove(client);
        setAware(client, aware);
        Member before = present.put(client, member);
        Lost returned = lost.remove(client.id());
        if (returned != null) {
            before = returned.member;
        } else if (before == null) {
            before = takeFromElsewhere(client.id());
            if (before != null) {
                listed = null;
            }
        }
        if (before == null && listed != null) {
            Json.write(listed.append(','), member);
        } else if (!member.equals(before)) {
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
        Member member = present.remove(client);
        if (member == null) {
            return false;
        }
        unaware.remove(client);
        held.remove(client);
        if (mayReturn && !elsewhere.containsKey(client.id())) {
            lost.put(client.id(), new Lost(client, member));
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
        List<Member> list = new ArrayList<>(present.values());
        elsewhere.values().forEach(json -> list.add(MemberJson.read(json)));
        return list;
    }

    /** Appends all that are shown, on all nodes, as JSON without the brackets. */
    void list(StringBuilder to) {
        to.append(listed());
        for (String json : elsewhere.values()) {
            if (to.charAt(to.length() - 1) != '[') {
                to.append(',');
            }
            to.append(json);
        }
    }

    /** All that are shown of this node, as JSON without the brackets: written once, then extended by those that join. */
    private CharSequence listed() {
        if (listed == null) {
            List<Member> shown = new ArrayList<>(present.values());
            lost.forEach((id, gone) -> shown.add(gone.member));
            String json = Json.write(shown);
            listed = new StringBuilder(json).deleteCharAt(json.length() - 1).deleteCharAt(0);
        }
        return listed;
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
