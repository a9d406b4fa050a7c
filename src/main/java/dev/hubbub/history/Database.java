package dev.hubbub.history;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * Where the history is: a DataSource of the server, or a {@code jdbc:} URL. It checks the tables, and creates them if it may, when it
 * is first used.
 */
final class Database {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** A connection that has not been answered for this time is given up. */
    private static final int NETWORK_TIMEOUT_MILLIS = 30_000;

    /** Before the parts of a URL that may hold a password. */
    private static final Pattern SECRET_PARTS = Pattern.compile("(?i)[?;].*|//[^/@]*@");

    private final String name;
    private final boolean create;
    /** Null if there is a URL. */
    private final DataSource dataSource;

    private final Driver driver;

    // Guarded by this.
    private Dialect dialect;
    private long maxBody;

    /** Something about the database is wrong that does not mend itself. */
    static final class InvalidDatabaseException extends SQLException {
        private static final long serialVersionUID = 1L;

        InvalidDatabaseException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param name of a DataSource in JNDI, or a {@code jdbc:} URL
     * @param create whether tables that are missing are created
     * @throws IllegalArgumentException if there is no such DataSource, or no driver for the URL
     */
    Database(String name, boolean create) {
        this.create = create;
        boolean url = name.startsWith("jdbc:");
        this.name = url ? withoutDelay(name) : name;
        dataSource = url ? null : lookup(name);
        driver = url ? driver(name) : null;
    }

    /**
     * H2 writes a commit up to half a second after it was acknowledged, and a process that is killed meanwhile loses it.
     */
    private static String withoutDelay(String url) {
        if (!url.startsWith("jdbc:h2:")) {
            return url;
        }
        String upper = url.toUpperCase(java.util.Locale.ROOT);
        String result = upper.contains(";WRITE_DELAY=") ? url : url + ";WRITE_DELAY=0";
        // The hub stops after the JVM has begun to end, and has still events to store then.
        return upper.contains(";DB_CLOSE_ON_EXIT=") ? result : result + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private static DataSource lookup(String name) {
        NamingException missing = null;
        for (String full : new String[] {name, "java:comp/env/" + name, "java:" + name}) {
            try {
                if (InitialContext.doLookup(full) instanceof DataSource found) {
                    return found;
                }
                throw new IllegalArgumentException(full + " in JNDI is not a DataSource");
            } catch (NamingException e) {
                missing = missing == null ? e : missing;
            }
        }
        throw new IllegalArgumentException(
                "There is no DataSource " + name + " in JNDI, and it is not a jdbc: URL: " + missing.getMessage(),
                missing);
    }

    private static Driver driver(String url) {
        try {
            // Not by DriverManager, which finds no drivers of an application that was deployed later than the first
            // one.
            for (Driver found :
                    ServiceLoader.load(Driver.class, Thread.currentThread().getContextClassLoader())) {
                if (found.acceptsURL(url)) {
                    return found;
                }
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "There is no JDBC driver for " + SECRET_PARTS.matcher(url).replaceAll("")
                        + "; in the standalone server, add its jar by --handlers; in a container, use a DataSource");
    }

    /** The URL without what may be secret, or the name of the DataSource. */
    @Override
    public String toString() {
        return driver == null ? name : SECRET_PARTS.matcher(name).replaceAll("");
    }

    /** Whether connections come from a pool of the server, to which they return after each use. */
    boolean isPooled() {
        return driver == null;
    }

    Connection connect() throws SQLException {
        Connection connection = driver == null ? dataSource.getConnection() : driver.connect(name, new Properties());
        if (connection == null) {
            throw new SQLException("The driver does not accept the URL");
        }
        try {
            setUp(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void setUp(Connection connection) throws SQLException {
        if (driver != null) {
            try {
                connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            } catch (SQLException | AbstractMethodError unsupported) {
                LOG.log(System.Logger.Level.DEBUG, "The driver has no network time-out", unsupported);
            }
        }
        synchronized (this) {
            if (dialect == null) {
                prepare(connection);
            }
        }
    }

    private void prepare(Connection connection) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        Dialect found;
        try {
            found = Dialect.of(meta.getDatabaseProductName());
        } catch (IllegalArgumentException e) {
            throw new InvalidDatabaseException(e.getMessage(), e);
        }
        connection.setAutoCommit(true);
        try {
            checkTables(connection, found);
        } catch (InvalidDatabaseException missing) {
            if (!create) {
                throw missing;
            }
            // Only now: the user of the database may lack the permission once the tables are there.
            createTables(connection, found);
            checkTables(connection, found);
        }
        maxBody = bodySize(connection);
        if (found == Dialect.H2 && isPooled()) {
            writeAtOnce(connection);
        }
        if (found.writesLate(connection)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The database confirms commits before they are written, so its crash loses acknowledged events: {0}",
                    found.lateWriting());
        }
        dialect = found;
        LOG.log(
                System.Logger.Level.INFO,
                "The history is in {0} {1} ({2})",
                meta.getDatabaseProductName(),
                meta.getDatabaseProductVersion(),
                this);
    }

    private static void createTables(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : script(dialect).split(";\\s*\n")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        } catch (SQLException e) {
            throw isAway(e) ? e : new InvalidDatabaseException("The tables cannot be created: " + e.getMessage(), e);
        }
    }

    private static String script(Dialect dialect) {
        try (InputStream script = Database.class.getResourceAsStream(dialect.script())) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*\n", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkTables(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT id, room, epoch, floor FROM hubbub_epoch WHERE 1 = 0")
                    .close();
            statement
                    .executeQuery("SELECT epoch_id, number, at, sender, idem_key, except_ids, elsewhere, body"
                            + " FROM hubbub_event WHERE 1 = 0")
                    .close();
            statement
                    .executeQuery("SELECT id, room, name, data, created FROM hubbub_outbox WHERE 1 = 0")
                    .close();
        } catch (SQLException e) {
            if (isAway(e)) {
                throw e;
            }
            throw new InvalidDatabaseException(
                    "A table of the history is missing, has other columns, or may not be read: " + e.getMessage()
                            + ". Create the tables with dev/hubbub/history/" + dialect.script()
                            + " from the WAR, or set hubbub.history-create=true",
                    e);
        }
    }

    /** Whether the connection has failed, rather than the statement (SQL:2016, classes 08, 57 and 58). */
    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57") || state.startsWith("58");
    }

    private static long bodySize(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT body FROM hubbub_event WHERE 1 = 0")) {
            int size = rows.getMetaData().getPrecision(1);
            return size <= 0 ? Integer.MAX_VALUE : size;
        }
    }

    private static void writeAtOnce(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET WRITE_DELAY 0");
        } catch (SQLException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "H2 writes commits up to half a second late, so a crash loses acknowledged events. Add"
                            + " ;WRITE_DELAY=0 to its URL: {0}",
                    e.getMessage());
        }
    }

    /** Only after a connection was made. */
    synchronized Dialect dialect() {
        return dialect;
    }

    /** The most bytes of an event; unlimited until a connection was made. */
    synchronized long maxBody() {
        return dialect == null ? Long.MAX_VALUE : maxBody;
    }
}
