package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.Map;

/**
 * A client that is to become a member of a room.
 *
 * @param nick null for none
 * @param aware whether it is told who else is in the room
 * @param since the numbers that it has seen, by epoch; null if it does not return
 * @param last how many earlier events it is sent if it does not return, or what it has missed is not remembered
 * @param greeting null for {@code hello}
 */
record Join(LocalClient client, String nick, boolean aware, Map<String, Long> since, int last, Greeting greeting) {
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

    /** Whether it has been in the room before, as it says. */
    boolean returns() {
        return since != null && !since.isEmpty();
    }
}
