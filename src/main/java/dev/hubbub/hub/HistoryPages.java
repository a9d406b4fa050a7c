package dev.hubbub.hub;

import dev.hubbub.Event;
import dev.hubbub.Page;
import dev.hubbub.Position;
import dev.hubbub.PublishedEvent;
import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads pages of a room's earlier events for one reader.
 *
 * @param reader the client that reads, from which excluded events are kept; null for the application
 * @param maxBytes a page is shorter than this, or has one event
 */
record HistoryPages(Rooms rooms, String room, LocalClient reader, long maxBytes) {
    /** The most bytes of a page. */
    static final long MAX_BYTES = 256 * 1024;

    /** Room for the members around an event's data, beside those of its envelope. */
    private static final int EVENT_BYTES = 80;

    /** How many events are read at once after a page that had none for the reader. */
    private static final int SEARCHED = 1_000;

    CompletionStage<Page> read(Position before, int limit) {
        return read(before, limit, limit);
    }

    private CompletionStage<Page> read(Position before, int searched, int limit) {
        return rooms.before(room, before, searched).thenCompose(read -> {
            Page page = page(read, limit);
            if (page.events().isEmpty() && read.more()) {
                // All of them excluded the reader: a page without events would tell it no position to go on from.
                return read(read.events().get(0).event().position(), SEARCHED, limit);
            }
            return CompletableFuture.completedFuture(page);
        });
    }

    private Page page(Broker.HistoryPage read, int limit) {
        Deque<PublishedEvent> events = new ArrayDeque<>();
        List<Broker.StoredEvent> stored = read.events();
        boolean more = read.more();
        long bytes = 0;
        for (int i = stored.size() - 1; i >= 0; i--) {
            Broker.StoredEvent event = stored.get(i);
            if (reader != null && Exclusion.hides(event.except(), reader)) {
                continue;
            }
            bytes += size(event.event());
            if (events.size() == limit || (bytes > maxBytes && !events.isEmpty())) {
                more = true;
                break;
            }
            events.addFirst(published(event));
        }
        return new Page(room, List.copyOf(events), more);
    }

    /** Its size in JSON, with attachments in Base64. */
    private static long size(Frame frame) {
        return EVENT_BYTES + (frame.kind() == Frame.Kind.TEXT ? frame.size() : frame.size() * 4L / 3);
    }

    private static PublishedEvent published(Broker.StoredEvent stored) {
        Frame frame = stored.event();
        Event event = frame.kind() == Frame.Kind.TEXT
                ? EventDecoder.event(frame.text())
                : EventDecoder.event(frame.payload());
        return new PublishedEvent(event.name(), event.data(), frame.position(), stored.at(), event.attachments());
    }
}
