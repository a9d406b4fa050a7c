package dev.hubbub.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of epochs in hubbub_epoch; those used last are remembered. Used by the thread that writes. */
final class EpochIds {
    private static final int MAX = 10_000;

    private final Map<String, Long> ids = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX;
        }
    };

    void clear() {
        ids.clear();
    }

    /** The id of an epoch, which is inserted if it is not there. */
    long of(Connection connection, Dialect dialect, String room, String epoch) throws SQLException {
        Long begun = ofBegun(connection, dialect, room, epoch);
        if (begun == null) {
            insert(connection, dialect, room, epoch);
            // Locks the row: only so does MySQL see one that another node has inserted meanwhile.
            begun = find(connection, dialect, room, epoch, " FOR UPDATE");
            ids.put(epoch, begun);
        }
        return begun;
    }

    /** The id of an epoch; null if it is not there. */
    Long ofBegun(Connection connection, Dialect dialect, String room, String epoch) throws SQLException {
        Long begun = ids.get(epoch);
        if (begun == null) {
            begun = find(connection, dialect, room, epoch);
            if (begun != null) {
                ids.put(epoch, begun);
            }
        }
        return begun;
    }

    static Long find(Connection connection, Dialect dialect, String room, String epoch) throws SQLException {
        return find(connection, dialect, room, epoch, "");
    }

    private static Long find(Connection connection, Dialect dialect, String room, String epoch, String locking)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM hubbub_epoch WHERE room = ? AND epoch = ?" + locking)) {
            dialect.setText(select, 1, room);
            dialect.setText(select, 2, epoch);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : null;
            }
        }
    }

    /** Waits for the transactions that have locked an epoch of the room with {@link #lockNewest}. */
    static void lockAll(Connection connection, Dialect dialect, String room) throws SQLException {
        hasRow(connection, dialect, "SELECT id FROM hubbub_epoch WHERE room = ? ORDER BY id FOR UPDATE", room, null);
    }

    /** Whether an epoch is the newest one of its room. If it is, it stays so until the transaction ends. */
    static boolean lockNewest(Connection connection, Dialect dialect, String room, long id) throws SQLException {
        String locking = dialect.sharedLock();
        hasRow(connection, dialect, "SELECT id FROM hubbub_epoch WHERE room = ? AND id = ?" + locking, room, id);
        return !hasRow(
                connection, dialect, "SELECT id FROM hubbub_epoch WHERE room = ? AND id > ?" + locking, room, id);
    }

    private static boolean hasRow(Connection connection, Dialect dialect, String query, String room, Long id)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            dialect.setText(select, 1, room);
            if (id != null) {
                select.setLong(2, id);
            }
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void insert(Connection connection, Dialect dialect, String room, String epoch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(dialect.insertEpoch())) {
            dialect.setText(insert, 1, room);
            dialect.setText(insert, 2, epoch);
            insert.executeUpdate();
        }
    }
}
