package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Event;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.Room;

/**
 * One call of a handler, with everything that its arguments may be taken from.
 *
 * @param client null for a handler that is not called for a client
 * @param event the event to handle or whose handler failed; otherwise null
 * @param close how the client was disconnected; otherwise null
 * @param failure what a handler has thrown; otherwise null
 * @param membership the room that a client joins or leaves; otherwise null
 */
record Call(Client client, Event event, Close close, Throwable failure, Membership membership) {
    /**
     * @param join how the client wants to join; otherwise null
     * @param reason why it has left; otherwise null
     */
    record Membership(Room room, Join join, LeaveReason reason) {}

    /** A call that is not for a client. */
    static Call plain() {
        return new Call(null, null, null, null, null);
    }

    static Call of(Client client) {
        return new Call(client, null, null, null, null);
    }

    static Call of(Client client, Event event) {
        return new Call(client, event, null, null, null);
    }

    static Call of(Client client, Close close) {
        return new Call(client, null, close, null, null);
    }

    static Call of(Client client, Event event, Throwable failure) {
        return new Call(client, event, null, failure, null);
    }

    static Call of(Client client, Room room, Join join, LeaveReason reason) {
        return new Call(client, null, null, null, new Membership(room, join, reason));
    }
}
