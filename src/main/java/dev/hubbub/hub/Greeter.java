package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.List;

/**
 * Sends a client that joins a room what it needs first: {@code hello}, what it has missed or the last events, and the values that
 * the room keeps. Guarded by the room's lock.
 */
final class Greeter {
    private final String room;
    private final RoomMembers members;
    private final PresenceAnnouncer announcer;
    private final KeptValues kept;
    private final Outbox.Limits outboxes;

    Greeter(String room, RoomMembers members, PresenceAnnouncer announcer, KeptValues kept, Outbox.Limits outboxes) {
        this.room = room;
        this.members = members;
        this.announcer = announcer;
        this.kept = kept;
        this.outboxes = outboxes;
    }

    /**
     * Sends {@code hello} and the kept values.
     *
     * @param recovered whether everything follows that was missed; null if the client does not return
     * @param at the position that {@code hello} tells
     */
    void greet(Join join, Boolean recovered, Position at, List<Outbox> toWrite) {
        Frame frame = join.greeting() == null
                ? announcer.hello(join.client(), recovered, at)
                : join.greeting().frame(recovered);
        if (frame != null) {
            members.send(join.client(), frame.at(at), toWrite);
            kept.of(room).forEach(value -> members.send(join.client(), value, toWrite));
        }
        if (join.greeting() != null) {
            join.greeting().queued();
        }
    }

    /**
     * Sends what {@link #greet} does, then earlier events, then what was held for the client
     * meanwhile. If more was held than an outbox may have, or nothing earlier could be read, it begins at the room's present position.
     *
     * @param now the room's position
     */
    void greetWith(EarlierEvents earlier, Join join, Position now, List<Outbox> toWrite) {
        List<Frame> held = members.release(join.client());
        if (held == null || earlier.from() == null) {
            greet(join, join.returns() ? false : null, now, toWrite);
            return;
        }
        EarlierEvents sent = earlier.within(outboxes);
        greet(join, sent.recovered(), sent.from(), toWrite);
        sent.framesFor(join).forEach(frame -> join.client().add(frame, toWrite));
        for (Frame frame : held) {
            // The broker's answer may reach beyond the moment at which holding began.
            // A kept value was sent after hello, or a newer one.
            if (frame.position() == null ? !KeptValues.isKept(frame) : !earlier.reaches(frame.position())) {
                join.client().add(frame, toWrite);
            }
        }
    }
}
