package dev.hubbub.api;

import dev.hubbub.Delivery;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.Position;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Source;
import dev.hubbub.json.Json;
import dev.hubbub.protocol.EventEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whom the path of a request addresses, in one namespace. */
sealed interface Target {
    /** Events that have no position are acknowledged with this. */
    String NO_POSITION = "null";

    /**
     * Checks an event before anything of its batch is published.
     *
     * @throws Problem if the event cannot be sent to this target
     */
    void check(Publication publication);

    /**
     * Publishes an event that has been checked.
     *
     * @param key the idempotency key of this event, for rooms; null for none
     * @return completes with the answer in JSON: the position, or the positions by room
     */
    CompletionStage<String> publish(Publication publication, String key);

    /** What an idempotency key belongs to, beside the caller: the rooms, for events that name some. */
    String scope(List<Publication> publications);

    private static void requireNoRooms(Publication publication) {
        if (!publication.rooms().isEmpty()) {
            throw Publication.invalid("The path says who receives the event, so it must not name rooms");
        }
    }

    private static void checkRoom(LocalHub hub, String name) {
        try {
            hub.room(name);
        } catch (EventException invalid) {
            throw Problem.of(invalid);
        }
    }

    private static CompletionStage<String> publish(LocalHub hub, String room, Event event, String key) {
        return hub.room(room)
                .publish(event.name(), event.data(), event.attachments(), key)
                .thenApply(Position::json);
    }

    /** All clients, or the rooms that an event names. */
    record Everyone(LocalHub hub) implements Target {
        @Override
        public void check(Publication publication) {
            publication.rooms().forEach(room -> checkRoom(hub, room));
        }

        @Override
        public CompletionStage<String> publish(Publication publication, String key) {
            Event event = publication.event();
            if (publication.rooms().size() == 1) {
                return Target.publish(hub, publication.rooms().get(0), event, key);
            }
            var frame = EventEncoder.event(event.name(), event.data(), event.attachments(), Delivery.ALL);
            Source source = Source.SERVER.withKey(key);
            return publication.rooms().isEmpty()
                    ? hub.publish(frame, source).thenApply(Position::json)
                    : hub.publish(publication.rooms(), frame, source).thenApply(Json::write);
        }

        @Override
        public String scope(List<Publication> publications) {
            List<String> rooms = new ArrayList<>();
            for (Publication publication : publications) {
                for (String room : publication.rooms()) {
                    if (!rooms.contains(room)) {
                        rooms.add(room);
                    }
                }
            }
            return "rooms " + Json.write(rooms);
        }
    }

    /** One room. */
    record OneRoom(LocalHub hub, String name) implements Target {
        public OneRoom {
            checkRoom(hub, name);
        }

        @Override
        public void check(Publication publication) {
            requireNoRooms(publication);
        }

        @Override
        public CompletionStage<String> publish(Publication publication, String key) {
            return Target.publish(hub, name, publication.event(), key);
        }

        @Override
        public String scope(List<Publication> publications) {
            return "rooms " + Json.write(List.of(name));
        }
    }

    /** One client. */
    record OneClient(LocalHub hub, String id) implements Target {
        @Override
        public void check(Publication publication) {
            requireNoRooms(publication);
        }

        @Override
        public CompletionStage<String> publish(Publication publication, String key) {
            Event event = publication.event();
            return hub.remote(id)
                    .emit(event.name(), event.data(), event.attachments(), Delivery.ALL)
                    .thenApply(nothing -> NO_POSITION);
        }

        @Override
        public String scope(List<Publication> publications) {
            return "client " + id;
        }
    }

    /** All clients of an authenticated user. */
    record User(LocalHub hub, String name) implements Target {
        @Override
        public void check(Publication publication) {
            requireNoRooms(publication);
        }

        @Override
        public CompletionStage<String> publish(Publication publication, String key) {
            Event event = publication.event();
            hub.user(name).emit(event.name(), event.data(), event.attachments(), Delivery.ALL);
            return CompletableFuture.completedFuture(NO_POSITION);
        }

        @Override
        public String scope(List<Publication> publications) {
            return "user " + name;
        }
    }
}
