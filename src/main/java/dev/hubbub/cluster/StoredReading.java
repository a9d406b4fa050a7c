package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads events of a durable room from the history and from the log of Redis. The log is read first: an event that another node has
 * not stored yet is in the log, and one that the log forgets meanwhile is stored, unless the database is very slow.
 */
final class StoredReading {
    /** An event that is neither in the log nor in the history after this time was deleted, or will never be stored. */
    private static final Duration STORED_BY_THEN = Duration.ofMinutes(1);

    private final RedisBroker broker;
    private final RoomKeys keys;
    private final History history;

    StoredReading(RedisBroker broker, RoomKeys keys, History history) {
        this.broker = broker;
        this.keys = keys;
        this.history = history;
    }

    /** As {@link Broker#since}, for what the log alone cannot answer. */
    CompletionStage<Broker.HistoryRead> since(Map<String, Long> seen, int limit) {
        int most = Math.min(limit, History.MAX_MISSED);
        return new HistoryPaging(broker, keys, null, most).start().thenCompose(log -> {
            Position now = log.page().position();
            return ended(now, seen)
                    .thenCompose(done -> history.since(keys.room(), seen, now, most))
                    .thenApply(stored -> merge(stored, log, most));
        });
    }

    /** Completes when no more events are stored in the epoch that a client has seen, if the room has begun another one. */
    private CompletionStage<Void> ended(Position now, Map<String, Long> seen) {
        StoredRoom room = broker.feed(keys).map(RoomFeed::stored).orElse(null);
        return now == null || room == null || seen.containsKey(now.epoch())
                ? CompletableFuture.completedFuture(null)
                : room.endFormer(now.epoch(), null);
    }

    private Broker.HistoryRead merge(Broker.HistoryRead stored, HistoryPaging.Log log, int limit) {
        Position now = log.page().position();
        if (stored.events() == null || now == null) {
            return new Broker.HistoryRead(stored.events(), stored.from(), now);
        }
        Position from = stored.from();
        boolean sameEpoch = from.epoch().equals(now.epoch());
        List<Broker.StoredEvent> logged = log.page().events().stream()
                .filter(event -> !sameEpoch || event.event().position().number() > from.number())
                .toList();
        List<Broker.StoredEvent> events = merge(stored.events(), logged, now.epoch());
        boolean complete = events.size() <= limit && !misses(events, log, sameEpoch ? from.number() : 0);
        return new Broker.HistoryRead(complete ? events : null, complete ? from : null, now);
    }

    /**
     * Whether events that the log has forgotten may still have to be stored by other nodes.
     *
     * @param after the number after which they would be missed
     */
    private boolean misses(List<Broker.StoredEvent> events, HistoryPaging.Log log, long after) {
        Position now = log.page().position();
        long end = Math.min(log.first(), now.number() + 1);
        long recently = System.currentTimeMillis() - STORED_BY_THEN.toMillis();
        long expected = after + 1;
        for (Broker.StoredEvent event : events) {
            Position position = event.event().position();
            if (position.epoch().equals(now.epoch())) {
                if (position.number() > expected && expected < end && event.at() > recently) {
                    return true;
                }
                expected = position.number() + 1;
            }
        }
        // The last ones before the log, or all if there is none: then it has expired.
        return expected < end
                && (log.first() != Long.MAX_VALUE || broker.config().logAge().compareTo(STORED_BY_THEN) < 0);
    }

    /** As {@link Broker#before}. */
    CompletionStage<Broker.HistoryPage> before(Position before, int limit) {
        return new HistoryPaging(broker, keys, before, limit).start().thenCompose(log -> {
            Broker.HistoryPage page = log.page();
            return page.events().size() == limit && page.more()
                    ? CompletableFuture.completedFuture(page)
                    : history.before(keys.room(), before, page.position(), limit)
                            .thenApply(stored -> merge(stored, page, before, limit));
        });
    }

    private static Broker.HistoryPage merge(
            Broker.HistoryPage stored, Broker.HistoryPage logged, Position before, int limit) {
        if (logged.events().isEmpty()) {
            return new Broker.HistoryPage(stored.events(), stored.more(), logged.position());
        }
        String epoch = logged.events().get(0).event().position().epoch();
        List<Broker.StoredEvent> events = merge(stored.events(), logged.events(), epoch);
        int start = Math.max(0, events.size() - limit);
        return new Broker.HistoryPage(
                events.subList(start, events.size()), start > 0 || stored.more() || logged.more(), logged.position());
    }

    /** @param epoch of what is logged: the last one of what is stored */
    private static List<Broker.StoredEvent> merge(
            List<Broker.StoredEvent> stored, List<Broker.StoredEvent> logged, String epoch) {
        List<Broker.StoredEvent> events = new ArrayList<>();
        Map<Long, Broker.StoredEvent> last = new TreeMap<>();
        for (Broker.StoredEvent event : stored) {
            Position position = event.event().position();
            if (position.epoch().equals(epoch)) {
                last.put(position.number(), event);
            } else {
                events.add(event);
            }
        }
        logged.forEach(event -> last.put(event.event().position().number(), event));
        events.addAll(last.values());
        return events;
    }
}
