package dev.hubbub.history;

import java.sql.Connection;
import java.sql.SQLException;

/** One thread's use of the database: transactions, on a connection that is made anew after a failure. */
final class Session implements AutoCloseable {
    private final Database database;
    private Connection connection;

    Session(Database database) {
        this.database = database;
    }

    /** What is done in one transaction. */
    interface Work<T> {
        T run(Connection connection, Dialect dialect) throws SQLException;
    }

    /** @throws SQLException if the transaction failed; perhaps it has been committed nevertheless */
    <T> T run(Work<T> work) throws SQLException {
        if (connection == null) {
            connection = database.connect();
        }
        try {
            connection.setAutoCommit(false);
            T result = work.run(connection, database.dialect());
            connection.commit();
            if (database.isPooled()) {
                connection.setAutoCommit(true);
                close();
            }
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            abandon();
            throw e;
        }
    }

    private void abandon() {
        try {
            connection.rollback();
        } catch (SQLException | RuntimeException alsoFailed) {
            System.getLogger("dev.hubbub").log(System.Logger.Level.DEBUG, "A rollback failed", alsoFailed);
        }
        close();
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException | RuntimeException e) {
                System.getLogger("dev.hubbub").log(System.Logger.Level.DEBUG, "A connection was not closed", e);
            }
            connection = null;
        }
    }
}
