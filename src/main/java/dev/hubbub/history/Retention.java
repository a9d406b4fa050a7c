package dev.hubbub.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes events that are too old, or too many in their room, the oldest first and in chunks: each is a short transaction that also
 * raises the floor of its epoch.
 */
final class Retention {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final int CHUNK = 1_000;

    private final Database database;
    private final Duration age;
    private final long events;

    private record Row(long id, String room, long floor) {}

    /**
     * @param age zero keeps events of any age
     * @param events 0 keeps any number
     */
    Retention(Database database, Duration age, long events) {
        this.database = database;
        this.age = age;
        this.events = events;
    }

    /** Never throws: what cannot be deleted now is deleted next time. */
    void run() {
        if (age.isZero() && events == 0) {
            return;
        }
        try (Session session = new Session(database)) {
            List<Row> epochs = session.run(Retention::epochs);
            long deleted = age.isZero() ? 0 : deleteOld(session, epochs);
            deleted += events == 0 ? 0 : deleteExcess(session, epochs);
            session.run((connection, dialect) -> deleteEmptyEpochs(connection, dialect));
            if (deleted > 0) {
                LOG.log(System.Logger.Level.INFO, "{0} old events were deleted from the history", deleted);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Old events cannot be deleted from the history: {0}", e.getMessage());
        }
    }

    private static List<Row> epochs(Connection connection, Dialect dialect) throws SQLException {
        List<Row> epochs = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, room, floor FROM hubbub_epoch ORDER BY room, id");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                epochs.add(new Row(rows.getLong(1), dialect.text(rows, 2), rows.getLong(3)));
            }
        }
        return epochs;
    }

    private long deleteOld(Session session, List<Row> epochs) throws SQLException {
        long before = System.currentTimeMillis() - age.toMillis();
        long deleted = 0;
        Set<String> done = new HashSet<>();
        for (Row epoch : epochs) {
            // An epoch that has younger events is followed by younger ones.
            while (!done.contains(epoch.room)) {
                long chunk = session.run((connection, dialect) -> deleteChunk(connection, epoch, before, CHUNK));
                deleted += Math.abs(chunk);
                if (chunk < CHUNK) {
                    if (chunk < 0 || session.run((connection, dialect) -> hasEvents(connection, epoch.id))) {
                        done.add(epoch.room);
                    }
                    break;
                }
            }
        }
        return deleted;
    }

    private long deleteExcess(Session session, List<Row> epochs) throws SQLException {
        long deleted = 0;
        java.util.Map<String, Long> excess = session.run((connection, dialect) -> excess(connection, dialect));
        for (Row epoch : epochs) {
            long rest = excess.getOrDefault(epoch.room, 0L);
            while (rest > 0) {
                int most = (int) Math.min(rest, CHUNK);
                long chunk = session.run((connection, dialect) -> deleteChunk(connection, epoch, Long.MAX_VALUE, most));
                deleted += chunk;
                rest -= chunk;
                if (chunk < most) {
                    break;
                }
            }
            excess.put(epoch.room, rest);
        }
        return deleted;
    }

    private java.util.Map<String, Long> excess(Connection connection, Dialect dialect) throws SQLException {
        java.util.Map<String, Long> excess = new java.util.HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT e.room, COUNT(*) FROM hubbub_epoch e"
                + " JOIN hubbub_event v ON v.epoch_id = e.id GROUP BY e.room HAVING COUNT(*) > ?")) {
            select.setLong(1, events);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    excess.put(dialect.text(rows, 1), rows.getLong(2) - events);
                }
            }
        }
        return excess;
    }

    /**
     * Deletes the first events of an epoch, up to one that was not published before a time.
     *
     * @return how many
     */
    private static long deleteChunk(Connection connection, Row epoch, long before, int most) throws SQLException {
        long last = 0;
        long found = 0;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT number, at FROM hubbub_event WHERE epoch_id = ? ORDER BY epoch_id, number LIMIT " + most)) {
            select.setLong(1, epoch.id);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next() && rows.getLong(2) < before) {
                    last = rows.getLong(1);
                    found++;
                }
            }
        }
        if (found > 0) {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM hubbub_event WHERE epoch_id = ? AND number <= ?")) {
                delete.setLong(1, epoch.id);
                delete.setLong(2, last);
                delete.executeUpdate();
            }
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE hubbub_epoch SET floor = ? WHERE id = ? AND floor < ?")) {
                update.setLong(1, last);
                update.setLong(2, epoch.id);
                update.setLong(3, last);
                update.executeUpdate();
            }
        }
        return found;
    }

    private static boolean hasEvents(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT number FROM hubbub_event WHERE epoch_id = ? LIMIT 1")) {
            select.setLong(1, epoch);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /**
     * Deletes a room's oldest epochs without events, up to the last one that had some which are not kept any more: without its row,
     * a client that returns from there is told that it has missed something, as with it. The newest epoch stays.
     */
    private static Void deleteEmptyEpochs(Connection connection, Dialect dialect) throws SQLException {
        List<Row> epochs = epochs(connection, dialect);
        int start = 0;
        while (start < epochs.size()) {
            String room = epochs.get(start).room;
            int end = start;
            int delete = start;
            boolean empty = true;
            while (end < epochs.size() && epochs.get(end).room.equals(room)) {
                Row epoch = epochs.get(end);
                empty = empty && !hasEvents(connection, epoch.id);
                delete = empty && epoch.floor > 0 ? end + 1 : delete;
                end++;
            }
            for (int i = start; i < Math.min(delete, end - 1); i++) {
                try (PreparedStatement statement =
                        connection.prepareStatement("DELETE FROM hubbub_epoch WHERE id = ?")) {
                    statement.setLong(1, epochs.get(i).id);
                    statement.executeUpdate();
                }
            }
            start = end;
        }
        return null;
    }
}
