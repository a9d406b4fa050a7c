package dev.hubbub.history;

import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Source;
import java.sql.SQLException;
import java.util.List;

/** Stores an event that has been published. The result is false if its epoch has ended, and it is not stored. */
final class AppendTask extends WriteTask<Boolean> {
    private static final int TASK_BYTES = 256;

    private final String room;
    private final Broker.StoredEvent event;
    private final Source source;

    AppendTask(String room, Broker.StoredEvent event, Source source) {
        this.room = room;
        this.event = event;
        this.source = source;
    }

    @Override
    Boolean run(WriteContext context) throws SQLException {
        return context.insert(room, event, source);
    }

    @Override
    long bytes() {
        return TASK_BYTES + event.event().size();
    }

    /** Never: the event was published. */
    @Override
    boolean expires() {
        return false;
    }

    @Override
    void addPending(String asked, List<Broker.StoredEvent> pending) {
        if (room.equals(asked)) {
            pending.add(event);
        }
    }

    @Override
    public String toString() {
        return "the event " + event.event().position() + " of " + event.event().size() + " bytes";
    }
}
