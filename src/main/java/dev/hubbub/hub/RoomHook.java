package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;

/** What the application does when clients join and leave one room. The methods may block; they log what they do not throw. */
public interface RoomHook {
    /**
     * A client is about to become a member.
     *
     * @throws dev.hubbub.EventException if it may not
     */
    void joining(Client client, Join join);

    /** A client is no longer a member, for which {@link #joining} was called. */
    void left(Client client, LeaveReason reason);

    /** The room has no members any more. */
    void empty();
}
