package dev.hubbub.history;

import dev.hubbub.Position;
import dev.hubbub.hub.History;
import dev.hubbub.hub.Source;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Begins an epoch, and reads the idempotency keys of the room's last day. */
final class BeginTask extends WriteTask<List<History.KeyedPosition>> {
    private static final Duration KEY_AGE = Duration.ofDays(1);
    private static final int MAX_KEYS = 10_000;

    private final String room;
    private final String former;
    private final String epoch;

    /** @param former the epoch before it; null if it is not known */
    BeginTask(String room, String former, String epoch) {
        this.room = room;
        this.former = former;
        this.epoch = epoch;
    }

    @Override
    List<History.KeyedPosition> run(WriteContext context) throws SQLException {
        if (former != null) {
            context.beginEpoch(room, former);
        }
        context.beginEpoch(room, epoch);
        List<History.KeyedPosition> keys = new ArrayList<>();
        for (Epoch each : Epoch.newest(context.connection(), context.dialect(), room, null)) {
            if (keys.size() < MAX_KEYS) {
                addKeys(context, each, keys);
            }
        }
        Collections.reverse(keys);
        return keys;
    }

    private static void addKeys(WriteContext context, Epoch epoch, List<History.KeyedPosition> keys)
            throws SQLException {
        try (PreparedStatement select = context.connection()
                .prepareStatement("SELECT number, idem_key FROM hubbub_event WHERE epoch_id = ?"
                        + " AND idem_key IS NOT NULL AND at > ? ORDER BY epoch_id DESC, number DESC")) {
            select.setMaxRows(MAX_KEYS - keys.size());
            select.setLong(1, epoch.id());
            select.setLong(2, System.currentTimeMillis() - KEY_AGE.toMillis());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Source.KeyHash key = Rows.key(context.dialect().text(rows, 2));
                    keys.add(new History.KeyedPosition(key, new Position(epoch.name(), rows.getLong(1))));
                }
            }
        }
    }

    /** It locks the other epochs of the room, of which transactions with events hold locks as well. */
    @Override
    boolean isAlone() {
        return true;
    }

    @Override
    public String toString() {
        return "the beginning of an epoch";
    }
}
