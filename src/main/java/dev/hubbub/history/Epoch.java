package dev.hubbub.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of hubbub_epoch.
 *
 * @param id the order of the room's epochs
 * @param floor the number of the last event that is not kept any more
 */
record Epoch(long id, String name, long floor) {
    /** A room's epochs beyond these are as if they were not kept. */
    private static final int MAX = 1_000;

    /**
     * The newest epochs of a room, the newest first.
     *
     * @param last only those up to the one with this id; null for all
     */
    static List<Epoch> newest(Connection connection, Dialect dialect, String room, Long last) throws SQLException {
        List<Epoch> epochs = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, epoch, floor FROM hubbub_epoch WHERE room = ? AND id <= ? ORDER BY room DESC, id DESC LIMIT "
                        + MAX)) {
            dialect.setText(select, 1, room);
            select.setLong(2, last == null ? Long.MAX_VALUE : last);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    epochs.add(new Epoch(rows.getLong(1), dialect.text(rows, 2), rows.getLong(3)));
                }
            }
        }
        return epochs;
    }
}
