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
        Long known = ids.get(epoch);
        if (known == null) {
            known = find(connection, dialect, room, epoch);
            if (known == null) {
                insert(connection, dialect, room, epoch);
                // Locks the row: only so does MySQL see one that another node has inserted meanwhile.
                known = find(connection, dialect, room, epoch, " FOR UPDATE");
            }
            ids.put(epoch, known);
        }
        return known;
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

    private static void insert(Connection connection, Dialect dialect, String room, String epoch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(dialect.insertEpoch())) {
            dialect.setText(insert, 1, room);
            dialect.setText(insert, 2, epoch);
            insert.executeUpdate();
        }
    }
}
