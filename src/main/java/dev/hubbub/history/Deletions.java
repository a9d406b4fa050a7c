package dev.hubbub.history;

import dev.hubbub.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Deletes events on demand. */
final class Deletions {
    private Deletions() {}

    /** What deletes something. */
    private interface Deletion<T> {
        T run(WriteContext context) throws SQLException;
    }

    private static <T> WriteTask<T> task(String what, Deletion<T> deletion) {
        return new WriteTask<>() {
            @Override
            T run(WriteContext context) throws SQLException {
                context.flush(); // what is to be deleted may be in the same batch
                return deletion.run(context);
            }

            @Override
            public String toString() {
                return what;
            }
        };
    }

    static WriteTask<Boolean> event(String room, Position position) {
        return task("the deletion of an event", context -> {
            Long epoch = EpochIds.find(context.connection(), context.dialect(), room, position.epoch());
            if (epoch == null) {
                return false;
            }
            try (PreparedStatement delete = context.connection()
                    .prepareStatement("DELETE FROM hubbub_event WHERE epoch_id = ? AND number = ?")) {
                delete.setLong(1, epoch);
                delete.setLong(2, position.number());
                return delete.executeUpdate() > 0;
            }
        });
    }

    /** The epochs stay: they say what clients have seen, and nothing else. */
    static WriteTask<Long> room(String room) {
        return task("the deletion of a room", context -> {
            long deleted = 0;
            for (Epoch epoch : Epoch.newest(context.connection(), context.dialect(), room, null)) {
                try (PreparedStatement delete =
                        context.connection().prepareStatement("DELETE FROM hubbub_event WHERE epoch_id = ?")) {
                    delete.setLong(1, epoch.id());
                    deleted += delete.executeUpdate();
                }
            }
            return deleted;
        });
    }

    static WriteTask<Long> user(String user) {
        return task("the deletion of a user's events", context -> {
            long deleted = 0;
            for (long epoch : epochs(context)) {
                try (PreparedStatement delete = context.connection()
                        .prepareStatement("DELETE FROM hubbub_event WHERE epoch_id = ? AND sender = ?")) {
                    delete.setLong(1, epoch);
                    context.dialect().setText(delete, 2, Rows.sender(user));
                    deleted += delete.executeUpdate();
                }
            }
            return deleted;
        });
    }

    private static List<Long> epochs(WriteContext context) throws SQLException {
        List<Long> epochs = new ArrayList<>();
        try (PreparedStatement select = context.connection().prepareStatement("SELECT id FROM hubbub_epoch");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                epochs.add(rows.getLong(1));
            }
        }
        return epochs;
    }
}
