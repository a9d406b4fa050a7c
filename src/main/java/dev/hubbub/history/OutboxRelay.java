package dev.hubbub.history;

import dev.hubbub.EventException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes what applications write into hubbub_outbox in their own transactions. Rows are deleted when their events have been
 * published, and not followed by a cursor, so a row that is committed after one with a greater id is not skipped. Between the two, the
 * key of an event prevents that it is published twice. Not thread-safe; one node runs it at a time.
 */
final class OutboxRelay {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final int BATCH = 500;
    private static final int MAX_SKIPPED = 1_000;
    private static final int MAX_LOGGED = 200;
    private static final long TIMEOUT_SECONDS = 30;

    private final Database database;
    private final OutboxPublisher publisher;
    /** Rows that cannot be published; they stay in the table. */
    private final Set<Long> skipped = new HashSet<>();
    /** Rows whose events were published, and which could not be deleted yet. */
    private final Set<Long> published = new HashSet<>();

    private boolean failing;

    private record Row(long id, String room, String name, String data) {}

    OutboxRelay(Database database, OutboxPublisher publisher) {
        this.database = database;
        this.publisher = publisher;
    }

    /** Publishes all that is there. Never throws: what fails is tried again next time. */
    void run() {
        try (Session session = new Session(database)) {
            int rows = BATCH;
            while (rows >= BATCH && !Thread.currentThread().isInterrupted()) {
                rows = relay(session);
            }
            failing = false;
        } catch (SQLException | EventException | ExecutionException | TimeoutException e) {
            if (!failing) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The events in hubbub_outbox cannot be published now; Hubbub tries again: {0}",
                        e.getMessage());
            }
            failing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return how many rows were published */
    private int relay(Session session) throws SQLException, ExecutionException, TimeoutException, InterruptedException {
        int limit = BATCH + skipped.size() + published.size();
        List<Row> rows = session.run((connection, dialect) -> {
            List<Row> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT id, room, name, data FROM hubbub_outbox ORDER BY id LIMIT " + limit);
                    ResultSet each = select.executeQuery()) {
                while (each.next()) {
                    found.add(new Row(each.getLong(1), each.getString(2), each.getString(3), each.getString(4)));
                }
            }
            return found;
        });
        List<CompletionStage<?>> stages = new ArrayList<>();
        List<Long> publishing = new ArrayList<>();
        EventException unavailable = null;
        for (Row row : rows) {
            if (skipped.contains(row.id) || published.contains(row.id)) {
                continue;
            }
            try {
                stages.add(publisher.publish(row.room, row.name, row.data, "outbox:" + row.id));
                publishing.add(row.id);
            } catch (EventException e) {
                if (e.code().equals(EventException.UNAVAILABLE)) {
                    unavailable = e; // later rows wait, too: the order of a room matters
                    break;
                }
                skip(row, e);
            } catch (RuntimeException invalid) {
                skip(row, invalid);
            }
        }
        for (CompletionStage<?> stage : stages) {
            stage.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
        published.addAll(publishing);
        delete(session);
        if (unavailable != null) {
            throw unavailable;
        }
        return publishing.size();
    }

    private void delete(Session session) throws SQLException {
        if (published.isEmpty()) {
            return;
        }
        session.run((connection, dialect) -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM hubbub_outbox WHERE id = ?")) {
                for (long id : published) {
                    delete.setLong(1, id);
                    delete.addBatch();
                }
                return delete.executeBatch();
            }
        });
        published.clear();
    }

    private void skip(Row row, RuntimeException why) {
        LOG.log(
                System.Logger.Level.ERROR,
                "The row {0} of hubbub_outbox (room {1}, name {2}) cannot be published, and stays there: {3}",
                row.id,
                shortened(row.room),
                shortened(row.name),
                why.getMessage());
        if (skipped.size() < MAX_SKIPPED) {
            skipped.add(row.id);
        }
    }

    private static String shortened(String text) {
        String visible = text.replaceAll("\\p{Cntrl}", " ");
        return visible.length() > MAX_LOGGED ? visible.substring(0, MAX_LOGGED) : visible;
    }
}
