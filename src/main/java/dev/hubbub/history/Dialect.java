package dev.hubbub.history;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** How databases differ. Each has a script beside this class that creates the tables. */
enum Dialect {
    H2(
            "h2",
            "INSERT INTO hubbub_event (" + Dialect.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            "MERGE INTO hubbub_event (" + Dialect.COLUMNS + ") KEY (epoch_id, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            null,
            false),
    POSTGRESQL(
            "postgresql",
            "INSERT INTO hubbub_event (" + Dialect.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            null,
            "synchronous_commit = off",
            false),
    // Not INSERT IGNORE: that would also cut off what is too long.
    MYSQL(
            "mysql",
            "INSERT INTO hubbub_event (" + Dialect.COLUMNS
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE number = number",
            null,
            "innodb_flush_log_at_trx_commit <> 1",
            true);

    private static final String COLUMNS = "epoch_id, number, at, sender, idem_key, except_ids, elsewhere, body";

    private final String script;
    private final String insert;
    /** Null if {@link #insert} ignores rows that are there already. */
    private final String insertAgain;
    /** The setting of a server that loses commits when it crashes; null if connections decide on that. */
    private final String lateWriting;
    /** MySQL and MariaDB compare texts without regard to blanks at their ends; bytes they compare exactly. */
    private final boolean textsAreBytes;

    Dialect(String script, String insert, String insertAgain, String lateWriting, boolean textsAreBytes) {
        this.script = script;
        this.insert = insert;
        this.insertAgain = insertAgain;
        this.lateWriting = lateWriting;
        this.textsAreBytes = textsAreBytes;
    }

    /**
     * @param product of DatabaseMetaData
     * @throws IllegalArgumentException if the database is none of these
     */
    static Dialect of(String product) {
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("h2")) {
            return H2;
        }
        if (name.contains("postgresql")) {
            return POSTGRESQL;
        }
        if (name.contains("mysql") || name.contains("mariadb")) {
            return MYSQL;
        }
        throw new IllegalArgumentException(
                "The database is " + product + "; H2, PostgreSQL, MySQL and MariaDB are supported");
    }

    /** The name of the script that creates the tables. */
    String script() {
        return script + ".sql";
    }

    /** Inserts an epoch, unless another node has. */
    String insertEpoch() {
        return switch (this) {
            case H2 -> "MERGE INTO hubbub_epoch (room, epoch) KEY (room, epoch) VALUES (?, ?)";
            case POSTGRESQL -> "INSERT INTO hubbub_epoch (room, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING";
            case MYSQL ->
                "INSERT INTO hubbub_epoch (room, epoch) VALUES (?, ?) ON DUPLICATE KEY UPDATE epoch = VALUES(epoch)";
        };
    }

    /** Follows a query whose rows others may read and lock in the same way, but not change. */
    String sharedLock() {
        return switch (this) {
            case H2 -> " FOR UPDATE"; // a database that no other process uses
            case POSTGRESQL -> " FOR SHARE";
            case MYSQL -> " LOCK IN SHARE MODE"; // MariaDB knows no FOR SHARE
        };
    }

    /** @param again whether some of the rows may be there already */
    String insert(boolean again) {
        return again && insertAgain != null ? insertAgain : insert;
    }

    /** The setting with which the server writes commits late. */
    String lateWriting() {
        return lateWriting;
    }

    /** Whether the server confirms commits before they are written; false also if it does not tell. */
    boolean writesLate(Connection connection) {
        if (lateWriting == null) {
            return false;
        }
        String query = this == MYSQL
                ? "SELECT @@innodb_flush_log_at_trx_commit <> 1"
                : "SELECT current_setting('synchronous_commit') = 'off'";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        } catch (SQLException e) {
            System.getLogger("dev.hubbub").log(System.Logger.Level.DEBUG, "The database has no such setting", e);
            return false;
        }
    }

    void setText(PreparedStatement statement, int index, String text) throws SQLException {
        if (textsAreBytes && text != null) {
            statement.setBytes(index, text.getBytes(StandardCharsets.UTF_8));
        } else {
            statement.setString(index, text);
        }
    }

    String text(ResultSet rows, int column) throws SQLException {
        if (!textsAreBytes) {
            return rows.getString(column);
        }
        byte[] bytes = rows.getBytes(column);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
