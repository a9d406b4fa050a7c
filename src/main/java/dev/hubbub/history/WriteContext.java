package dev.hubbub.history;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** One transaction of the {@link EventStore}. */
final class WriteContext implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final EpochIds epochs;
    private final boolean shared;
    /** Whether the epochs, by id, have not ended, and do not before the end of this transaction. */
    private final Map<Long, Boolean> open = new HashMap<>();

    private final PreparedStatement insert;
    private int inserts;

    /**
     * @param shared whether other nodes write to the database
     * @param again whether some of it may be in the database already
     */
    WriteContext(Connection connection, Dialect dialect, EpochIds epochs, boolean shared, boolean again)
            throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.epochs = epochs;
        this.shared = shared;
        insert = connection.prepareStatement(dialect.insert(again));
    }

    Connection connection() {
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    /**
     * Begins an epoch after all others of the room, if it has not begun. Then nothing is stored in those any more: it waits for
     * transactions in which that happens.
     */
    void beginEpoch(String room, String epoch) throws SQLException {
        if (shared && epochs.ofBegun(connection, dialect, room, epoch) == null) {
            EpochIds.lockAll(connection, dialect, room);
        }
        epochs.of(connection, dialect, room, epoch);
    }

    /** @return false if its epoch has ended before it was stored */
    boolean insert(String room, Broker.StoredEvent event, Source source) throws SQLException {
        Position position = event.event().position();
        long epoch;
        if (shared) {
            Long begun = epochs.ofBegun(connection, dialect, room, position.epoch());
            if (begun == null || !isOpen(room, begun)) {
                return begun != null && isStored(begun, position.number());
            }
            epoch = begun;
        } else {
            epoch = epochs.of(connection, dialect, room, position.epoch());
        }
        Rows.set(insert, dialect, epoch, event, source);
        insert.addBatch();
        inserts++;
        return true;
    }

    private boolean isOpen(String room, long epoch) throws SQLException {
        Boolean known = open.get(epoch);
        if (known == null) {
            known = EpochIds.lockNewest(connection, dialect, room, epoch);
            open.put(epoch, known);
        }
        return known;
    }

    private boolean isStored(long epoch, long number) throws SQLException {
        flush();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM hubbub_event WHERE epoch_id = ? AND number = ?")) {
            select.setLong(1, epoch);
            select.setLong(2, number);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Must be called before a statement that depends on events inserted before, and at the end. */
    void flush() throws SQLException {
        if (inserts > 0) {
            inserts = 0;
            insert.executeBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
