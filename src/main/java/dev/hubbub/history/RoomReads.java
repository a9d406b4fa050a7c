package dev.hubbub.history;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What is to be read of one room at one time, for however many clients. Events that have not been stored yet are added, so that
 * nothing is missing between what the database has and what is delivered.
 */
final class RoomReads {
    /** Somebody who has missed something. */
    record Missed(Map<String, Long> seen, Position now, int limit, CompletableFuture<Broker.HistoryRead> result) {}

    /** Somebody who reads earlier events. */
    record Earlier(Position before, Position now, int limit, CompletableFuture<Broker.HistoryPage> result) {}

    private final String room;
    private final List<Missed> missed = new ArrayList<>(1);
    private final List<Earlier> earlier = new ArrayList<>(1);

    RoomReads(String room) {
        this.room = room;
    }

    void add(Missed read) {
        missed.add(read);
    }

    void add(Earlier read) {
        earlier.add(read);
    }

    int size() {
        return missed.size() + earlier.size();
    }

    /** Whether it is only for clients that have missed something, which can wait for others. */
    boolean isForReturning() {
        return earlier.isEmpty();
    }

    void fail(Exception failure) {
        missed.forEach(read -> read.result.completeExceptionally(failure));
        earlier.forEach(read -> read.result.completeExceptionally(failure));
    }

    /**
     * Reads it all.
     *
     * @param pending what was still to be stored before the reading began
     * @param maxBytes the most bytes that are worth to be read for clients that have missed something
     * @return completes the results
     */
    Runnable read(Connection connection, Dialect dialect, List<Broker.StoredEvent> pending, long maxBytes)
            throws SQLException {
        List<Epoch> epochs = Epoch.newest(connection, dialect, room, null);
        List<Runnable> completions = new ArrayList<>(size());
        readMissed(connection, dialect, epochs, pending, maxBytes, completions);
        Map<Position, List<Earlier>> byStart = new HashMap<>(); // null is the end
        earlier.forEach(read ->
                byStart.computeIfAbsent(read.before, start -> new ArrayList<>()).add(read));
        for (List<Earlier> same : byStart.values()) {
            readEarlier(connection, dialect, epochs, pending, same, completions);
        }
        return () -> completions.forEach(Runnable::run);
    }

    private void readMissed(
            Connection connection,
            Dialect dialect,
            List<Epoch> epochs,
            List<Broker.StoredEvent> pending,
            long maxBytes,
            List<Runnable> completions)
            throws SQLException {
        if (missed.isEmpty()) {
            return;
        }
        int limit = 0;
        int oldest = -1; // the index of the oldest epoch from which somebody returns
        long from = Long.MAX_VALUE;
        for (Missed read : missed) {
            int start = start(epochs, read);
            if (start < 0) {
                continue;
            }
            long number = read.seen.get(epochs.get(start).name());
            if (start > oldest) {
                oldest = start;
                from = number;
            } else if (start == oldest) {
                from = Math.min(from, number);
            }
            limit = Math.max(limit, read.limit);
        }
        // One more than anybody may be sent shows that somebody has missed too many.
        Tail tail = oldest < 0 ? new Tail() : tail(connection, dialect, epochs, oldest, from, limit + 1, maxBytes);
        tail.add(pending, epochs);
        for (Missed read : missed) {
            Broker.HistoryRead result = result(read, epochs, tail);
            completions.add(() -> read.result.complete(result));
        }
    }

    /** The index of the newest epoch that the client has seen, if everything after its number is kept; otherwise -1. */
    private static int start(List<Epoch> epochs, Missed read) {
        for (int i = 0; i < epochs.size(); i++) {
            Epoch epoch = epochs.get(i);
            Long number = read.seen.get(epoch.name());
            if (number != null) {
                boolean reached =
                        read.now == null || !read.now.epoch().equals(epoch.name()) || number <= read.now.number();
                return reached && number >= epoch.floor() ? i : -1;
            }
            if (epoch.floor() > 0) {
                return -1;
            }
        }
        return -1;
    }

    /** The last events, in order. */
    private static final class Tail {
        final List<Broker.StoredEvent> events = new ArrayList<>();
        /** Whether there are events before these that somebody may have missed. */
        boolean cut;

        void add(List<Broker.StoredEvent> pending, List<Epoch> epochs) {
            Set<Position> stored = new HashSet<>();
            events.forEach(event -> stored.add(event.event().position()));
            for (Broker.StoredEvent event : pending) {
                if (!stored.contains(event.event().position())) {
                    events.add(event);
                }
            }
            Map<String, Integer> order = new HashMap<>();
            for (int i = 0; i < epochs.size(); i++) {
                order.put(epochs.get(i).name(), -i);
            }
            events.sort(Comparator.comparing((Broker.StoredEvent event) ->
                            order.getOrDefault(event.event().position().epoch(), 1))
                    .thenComparing(event -> event.event().position().number()));
        }
    }

    private static Tail tail(
            Connection connection, Dialect dialect, List<Epoch> epochs, int oldest, long from, int limit, long maxBytes)
            throws SQLException {
        Tail tail = new Tail();
        long bytes = 0;
        for (int i = 0; i <= oldest && !tail.cut; i++) {
            long after = i == oldest ? from : 0;
            List<Broker.StoredEvent> newest =
                    select(connection, dialect, epochs.get(i), Long.MAX_VALUE, after, limit - tail.events.size());
            for (Broker.StoredEvent event : newest) {
                bytes += event.event().size();
                if (bytes > maxBytes) {
                    tail.cut = true;
                    break;
                }
                tail.events.add(event);
            }
            tail.cut |= tail.events.size() >= limit;
        }
        Collections.reverse(tail.events);
        return tail;
    }

    private static Broker.HistoryRead result(Missed read, List<Epoch> epochs, Tail tail) {
        int start = start(epochs, read);
        if (start < 0) {
            return new Broker.HistoryRead(null, null, read.now);
        }
        Position from = new Position(
                epochs.get(start).name(), read.seen.get(epochs.get(start).name()));
        List<Broker.StoredEvent> events = new ArrayList<>();
        boolean reached = false;
        Set<String> later = new HashSet<>();
        for (int i = 0; i < start; i++) {
            later.add(epochs.get(i).name());
        }
        for (Broker.StoredEvent event : tail.events) {
            Position position = event.event().position();
            boolean after = position.epoch().equals(from.epoch())
                    ? position.number() > from.number()
                    : later.contains(position.epoch());
            reached |= !after;
            if (after && isPublished(position, read.now)) {
                events.add(event);
            }
        }
        boolean complete = (reached || !tail.cut) && events.size() <= read.limit;
        return new Broker.HistoryRead(complete ? events : null, complete ? from : null, read.now);
    }

    /** Whether the reader may get it from here: later events are delivered to it. */
    private static boolean isPublished(Position position, Position now) {
        return now == null || !now.epoch().equals(position.epoch()) || position.number() <= now.number();
    }

    private static void readEarlier(
            Connection connection,
            Dialect dialect,
            List<Epoch> epochs,
            List<Broker.StoredEvent> pending,
            List<Earlier> same,
            List<Runnable> completions)
            throws SQLException {
        Position before = same.get(0).before;
        int limit = same.stream().mapToInt(Earlier::limit).max().orElse(1);
        int first = 0;
        while (before != null
                && first < epochs.size()
                && !epochs.get(first).name().equals(before.epoch())) {
            first++;
        }
        Tail tail = new Tail();
        int wanted = limit + 1;
        for (int i = first; i < epochs.size() && tail.events.size() < wanted; i++) {
            String name = epochs.get(i).name();
            long end = i == first && before != null ? before.number() : Long.MAX_VALUE;
            end = Math.min(
                    end, same.stream().mapToLong(read -> end(read, name)).max().orElse(end));
            tail.events.addAll(select(connection, dialect, epochs.get(i), end, 0, wanted - tail.events.size()));
        }
        boolean full = tail.events.size() >= wanted;
        List<Epoch> from = epochs.subList(Math.min(first, epochs.size()), epochs.size());
        Set<String> names = new HashSet<>();
        from.forEach(epoch -> names.add(epoch.name()));
        tail.add(
                pending.stream()
                        .filter(event -> names.contains(event.event().position().epoch()))
                        .filter(event -> before == null
                                || !before.epoch()
                                        .equals(event.event().position().epoch())
                                || event.event().position().number() < before.number())
                        .toList(),
                epochs);
        for (Earlier read : same) {
            List<Broker.StoredEvent> events = tail.events.stream()
                    .filter(event -> isPublished(event.event().position(), read.now))
                    .toList();
            int start = Math.max(0, events.size() - read.limit);
            Broker.HistoryPage page = new Broker.HistoryPage(
                    events.subList(start, events.size()), start > 0 || (full && !events.isEmpty()), read.now);
            completions.add(() -> read.result.complete(page));
        }
    }

    /** The number before which a reader may be given events. */
    private static long end(Earlier read, String epoch) {
        return read.now != null && read.now.epoch().equals(epoch) ? read.now.number() + 1 : Long.MAX_VALUE;
    }

    /**
     * The query of {@link #select}. The order names both columns of the primary key: H2 reads an index backwards only then, and
     * sorts all events of the epoch otherwise.
     */
    static String query(int limit) {
        return "SELECT " + Rows.COLUMNS + " FROM hubbub_event WHERE epoch_id = ? AND number > ? AND number < ?"
                + " ORDER BY epoch_id DESC, number DESC LIMIT " + limit;
    }

    /** The newest events of an epoch between two numbers, the newest first. */
    private static List<Broker.StoredEvent> select(
            Connection connection, Dialect dialect, Epoch epoch, long before, long after, int limit)
            throws SQLException {
        List<Broker.StoredEvent> events = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(query(limit))) {
            select.setLong(1, epoch.id());
            select.setLong(2, after);
            select.setLong(3, before);
            select.setQueryTimeout(HistoryReader.TIMEOUT_SECONDS);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    events.add(Rows.event(rows, dialect, epoch.name()));
                }
            }
        }
        return events;
    }
}
