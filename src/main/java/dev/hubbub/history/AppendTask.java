package dev.hubbub.history;

import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Source;
import java.sql.SQLException;
import java.util.List;

/** Stores an event that has been published. */
final class AppendTask extends WriteTask<Void> {
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
    Void run(WriteContext context) throws SQLException {
        context.insert(room, event, source);
        return null;
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
