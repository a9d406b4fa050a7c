package dev.hubbub.cluster;

import dev.hubbub.hub.Broker.MemberChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import redis.clients.jedis.CommandArguments;

/**
 * Changes of the members of one room on one node, as they travel. A message is one line, {@code 1w<version> <node> <total>} and
 * a line for each change, or {@code 1c<version> <node> <total>} without changes. A change is {@code j<id> <entry>} or
 * {@code l<id> }; an entry is {@code r} (the client may return) or {@code -}, and the member as JSON.
 *
 * @param whole whether these are all members of this node, so that others are to be removed
 */
record PresenceChanges(Collection<MemberChange> changes, boolean whole) {
    static final char LISTED = 'w';
    static final char COUNTED = 'c';

    /** @param changes null if only the number is told */
    record Message(long version, String node, int total, List<MemberChange> changes) {}

    int size() {
        return 128 * changes.size();
    }

    void addTo(CommandArguments arguments) {
        arguments.add(whole ? "1" : "0");
        for (MemberChange change : changes) {
            if (change.json() == null) {
                arguments.add("l").add(change.id()).add("");
            } else {
                arguments.add("j").add(change.id()).add(entry(change));
            }
        }
    }

    private static String entry(MemberChange member) {
        return (member.mayReturn() ? "r" : "-") + member.json();
    }

    /** @param entry as {@link #entry} writes it */
    static MemberChange member(String id, String entry) {
        return new MemberChange(id, entry.substring(1), entry.charAt(0) == 'r');
    }

    /** @throws RuntimeException if this is no message of ours */
    static Message parse(byte[] message) {
        String[] lines = new String(message, StandardCharsets.UTF_8).split("\n");
        String[] head = lines[0].substring(2).split(" ");
        List<MemberChange> changes = message[1] == COUNTED ? null : new ArrayList<>();
        for (int i = 1; i < lines.length && changes != null; i++) {
            int blank = lines[i].indexOf(' ');
            String id = lines[i].substring(1, blank);
            changes.add(
                    lines[i].charAt(0) == 'j'
                            ? member(id, lines[i].substring(blank + 1))
                            : new MemberChange(id, null, false));
        }
        return new Message(Long.parseLong(head[0]), head[1], Integer.parseInt(head[2]), changes);
    }
}
