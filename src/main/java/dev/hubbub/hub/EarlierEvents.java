package dev.hubbub.hub;

import dev.hubbub.Position;
import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a client that joins is sent after {@code hello}: all that it has missed, or the last events of the room.
 *
 * @param recovered whether it is all that was missed; null if the client does not return
 * @param events in order
 * @param from the position before the first event, which {@code hello} tells; null if it is not known
 * @param position where the room was when they were read; null if it is not known
 */
record EarlierEvents(Boolean recovered, List<Broker.StoredEvent> events, Position from, Position position) {
    /** Never fails: what cannot be read is not remembered. */
    static CompletionStage<EarlierEvents> read(Broker broker, String room, Join join) {
        if (!join.returns()) {
            return last(broker, room, join, null);
        }
        return broker.since(room, join.since(), Integer.MAX_VALUE)
                .exceptionally(unavailable -> Broker.HistoryRead.UNKNOWN)
                .thenCompose(read -> read.events() == null
                        ? last(broker, room, join, false)
                        : CompletableFuture.completedFuture(
                                new EarlierEvents(true, read.events(), read.from(), read.position())));
    }

    private static CompletionStage<EarlierEvents> last(Broker broker, String room, Join join, Boolean recovered) {
        if (join.last() == 0) {
            return CompletableFuture.completedFuture(new EarlierEvents(recovered, List.of(), null, null));
        }
        return broker.before(room, null, join.last())
                .exceptionally(unavailable -> new Broker.HistoryPage(List.of(), false, null))
                .thenApply(page -> new EarlierEvents(
                        recovered, page.events(), before(page.events(), page.position()), page.position()));
    }

    private static Position before(List<Broker.StoredEvent> events, Position otherwise) {
        if (events.isEmpty()) {
            return otherwise;
        }
        Position first = events.get(0).event().position();
        return new Position(first.epoch(), first.number() - 1);
    }

    /** The newest of the last events that fit into half of an outbox; all that were missed. */
    EarlierEvents within(Outbox.Limits outbox) {
        if (recovered == Boolean.TRUE) {
            return this;
        }
        int start = events.size();
        long bytes = 0;
        while (start > 0 && events.size() - start < outbox.events() / 2) {
            bytes += events.get(start - 1).event().size();
            if (bytes > outbox.bytes() / 2) {
                break;
            }
            start--;
        }
        if (start == 0) {
            return this;
        }
        List<Broker.StoredEvent> newest = events.subList(start, events.size());
        return new EarlierEvents(recovered, newest, before(newest, position), position);
    }

    /** The frames that a client gets. */
    List<Frame> framesFor(Join join) {
        List<Frame> frames = new ArrayList<>(events.size());
        for (Broker.StoredEvent event : events) {
            boolean excluded = Exclusion.hides(event.except(), join.client())
                    || (recovered == Boolean.TRUE
                            && event.elsewhere().stream()
                                    .anyMatch(place -> join.since().containsKey(place.epoch())));
            if (!excluded) {
                frames.add(
                        recovered == Boolean.TRUE
                                ? event.event()
                                : event.event().withTime(event.at()));
            }
        }
        return frames;
    }

    /** Whether an event was published before these events were read, so that it is one of them if it should be. */
    boolean reaches(Position live) {
        if (position != null && position.epoch().equals(live.epoch())) {
            return live.number() <= position.number();
        }
        return events.stream().anyMatch(event -> event.event().position().equals(live));
    }
}
