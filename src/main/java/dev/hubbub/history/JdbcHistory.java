package dev.hubbub.history;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import dev.hubbub.hub.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The history in a database. */
public final class JdbcHistory implements History {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Pattern rooms;
    private final Database database;
    private final EventStore store;
    private final HistoryReader reader;
    private final Retention retention;

    /**
     * How the history is stored.
     *
     * @param database the name of a DataSource in JNDI, or a {@code jdbc:} URL
     * @param create whether tables that are missing are created
     * @param rooms patterns of the names of durable rooms, separated by commas; {@code *} is any characters
     * @param age how long events are kept; zero for ever
     * @param events the most events of each room; 0 for no limit
     * @param patience how long events wait for a database that does not answer, until others are answered {@code unavailable}
     * @param maxMissed the most bytes that a client can be sent because it has missed them
     * @param shared whether other nodes of a cluster write to the same database, perhaps the same events
     */
    public record Config(
            String database,
            boolean create,
            String rooms,
            Duration age,
            long events,
            Duration patience,
            long maxMissed,
            boolean shared) {}

    private JdbcHistory(Config config, ThreadFactory threads) {
        rooms = patterns(config.rooms);
        database = new Database(config.database, config.create);
        store = new EventStore(database, config.patience, config.shared, threads);
        reader = new HistoryReader(database, store, config.maxMissed, threads);
        retention = new Retention(database, config.age, config.events);
    }

    /**
     * Starts. A database that cannot be reached is tried again; meanwhile durable rooms are unavailable.
     *
     * @throws IllegalArgumentException if there is no such DataSource, or no driver for the URL
     * @throws IllegalStateException if the database lacks a table, or has one that is not as expected
     */
    public static JdbcHistory start(Config config, ThreadFactory threads) {
        JdbcHistory history = new JdbcHistory(config, threads);
        try (Session session = new Session(history.database)) {
            session.run((connection, dialect) -> null);
        } catch (Database.InvalidDatabaseException e) {
            throw new IllegalStateException("hubbub.history: " + e.getMessage(), e);
        } catch (SQLException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The database of the history, {0}, cannot be reached: {1}. Hubbub tries again; meanwhile durable rooms"
                            + " are unavailable",
                    history.database,
                    e.getMessage());
        }
        history.store.start();
        history.reader.start();
        return history;
    }

    private static Pattern patterns(String list) {
        String any = Stream.of(list.split(","))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .map(pattern ->
                        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")))
                .collect(Collectors.joining("|"));
        return Pattern.compile(any, Pattern.DOTALL);
    }

    /** From now on stages are completed by this executor. */
    public void completeOn(Executor executor) {
        store.completeOn(executor);
        reader.completeOn(executor);
    }

    /** Must be called every few hundred milliseconds: fails what has waited for too long. */
    public void expire() {
        store.expire();
    }

    /** Deletes what is too old or too much. May block for long; one node at a time calls it. */
    public void clean() {
        retention.run();
    }

    /**
     * What publishes the rows of hubbub_outbox when it is run. May block; one node at a time runs it.
     *
     * @param publisher publishes an event: room (perhaps with its namespace and a line feed before), name, JSON, key
     */
    public Runnable outboxRelay(OutboxPublisher publisher) {
        OutboxRelay relay = new OutboxRelay(database, publisher);
        return relay::run;
    }

    /** Why events cannot be stored at present; null if they can. */
    public String failure() {
        return store.failure();
    }

    /** Events that wait to be stored. */
    public int waiting() {
        return store.waitingEvents();
    }

    /** How often the database was read. */
    long readings() {
        return reader.readings();
    }

    Database database() {
        return database;
    }

    @Override
    public boolean isDurable(String name) {
        return rooms.matcher(name).matches();
    }

    @Override
    public CompletionStage<List<KeyedPosition>> begin(String room, String former, String epoch) {
        return added(new BeginTask(room, former, epoch));
    }

    @Override
    public void requireAccepts(long bytes) {
        store.requireAccepts(bytes);
    }

    @Override
    public CompletionStage<Void> append(String room, Broker.StoredEvent event, Source source) {
        return added(new AppendTask(room, event, source)).thenAccept(stored -> {
            if (!stored) {
                throw new EndedEpochException();
            }
        });
    }

    private <T> CompletionStage<T> added(WriteTask<T> task) {
        store.add(task);
        return task.result();
    }

    @Override
    public CompletionStage<Broker.HistoryRead> since(String room, Map<String, Long> seen, Position now, int limit) {
        CompletableFuture<Broker.HistoryRead> result = new CompletableFuture<>();
        reader.add(room, reads -> reads.add(new RoomReads.Missed(seen, now, limit, result)));
        return result;
    }

    @Override
    public CompletionStage<Broker.HistoryPage> before(String room, Position before, Position now, int limit) {
        CompletableFuture<Broker.HistoryPage> result = new CompletableFuture<>();
        reader.add(room, reads -> reads.add(new RoomReads.Earlier(before, now, limit, result)));
        return result;
    }

    @Override
    public CompletionStage<Boolean> delete(String room, Position position) {
        return added(Deletions.event(room, position));
    }

    @Override
    public CompletionStage<Long> deleteRoom(String room) {
        return added(Deletions.room(room));
    }

    @Override
    public CompletionStage<Long> deleteUser(String user) {
        return added(Deletions.user(user));
    }

    @Override
    public void close() {
        store.close(CLOSE_TIMEOUT);
        reader.close();
    }
}
