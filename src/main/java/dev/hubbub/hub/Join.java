package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Member;
import dev.hubbub.protocol.Frame;
import java.util.Map;

/**
 * A client that is to become a member of a room.
 *
 * @param member as the others see it
 * @param aware whether it is told who else is in the room
 * @param since the numbers that it has seen, by epoch; null if it does not return
 * @param request what the client has asked for
 * @param max the most members for it to become one
 * @param greeting null for {@code hello}
 */
record Join(
        LocalClient client,
        Member member,
        boolean aware,
        Map<String, Long> since,
        dev.hubbub.Join request,
        int max,
        Greeting greeting) {
    /** What a client is sent first, in place of {@code hello}. */
    interface Greeting {
        /**
         * The frame; null to send none.
         *
         * @param recovered whether everything follows that was missed; null if the client does not return
         */
        Frame frame(Boolean recovered);

        /** The frame is in the client's outbox, and nothing has been written yet. */
        void queued();
    }

    /** How a client joins that was a member before. */
    static Join again(LocalClient client, Member member, boolean aware, Map<String, Long> since) {
        dev.hubbub.Join request = new dev.hubbub.Join(member.nick(), member.data(), null, 0, Data.NULL);
        return new Join(client, member, aware, since, request, Integer.MAX_VALUE, null);
    }

    /** How a client joins a room whose members do not know of each other. */
    static Join unseen(LocalClient client, Map<String, Long> since, Greeting greeting) {
        Member member = new Member(client.id(), null);
        return new Join(client, member, false, since, dev.hubbub.Join.PLAIN, Integer.MAX_VALUE, greeting);
    }

    /** Whether it has been in the room before, as it says. */
    boolean returns() {
        return since != null && !since.isEmpty();
    }

    /** How many earlier events it is sent if it does not return, or what it has missed is not remembered. */
    int last() {
        return request.last();
    }
}
