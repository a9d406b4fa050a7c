package dev.hubbub.history;

import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One transaction of the {@link EventStore}. */
final class WriteContext implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final EpochIds epochs;
    private final PreparedStatement insert;
    private int inserts;

    /** @param again whether some of it may be in the database already */
    WriteContext(Connection connection, Dialect dialect, EpochIds epochs, boolean again) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.epochs = epochs;
        insert = connection.prepareStatement(dialect.insert(again));
    }

    Connection connection() {
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    long epochId(String room, String epoch) throws SQLException {
        return epochs.of(connection, dialect, room, epoch);
    }

    void insert(String room, Broker.StoredEvent event, Source source) throws SQLException {
        Rows.set(insert, dialect, epochId(room, event.event().position().epoch()), event, source);
        insert.addBatch();
        inserts++;
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
