package dev.hubbub.api;

import dev.hubbub.Hub;
import dev.hubbub.Position;
import dev.hubbub.Room;
import dev.hubbub.http.Body;
import dev.hubbub.protocol.Protocol;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletionStage;

/**
 * Deletes events, and tells so in the log of what operators do.
 *
 * @param caller the name of the API's caller
 * @param address where the request comes from
 */
record Deletion(String caller, String address) {
    /** @throws Problem 400 if that is no position, 404 if there is no event at it */
    CompletionStage<Body.ResponseWriter> ofEvent(Room room, String position) {
        Position parsed = Position.parse(position)
                .orElseThrow(() -> Publication.invalid("The path must end with the position of an event"));
        audit("the event " + parsed + " of the room " + room.name());
        return room.delete(parsed).thenApply(found -> {
            if (!found) {
                throw Problem.notFound("The room has no event at this position");
            }
            return response -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        });
    }

    CompletionStage<Body.ResponseWriter> ofRoom(Room room) {
        audit("all events of the room " + room.name());
        return room.deleteAll().thenApply(Deletion::count);
    }

    /** In all rooms and namespaces. */
    CompletionStage<Body.ResponseWriter> ofUser(Hub hub, String user) {
        audit("all events of the user " + user);
        return hub.deleteEventsOf(user).thenApply(Deletion::count);
    }

    private static Body.ResponseWriter count(long deleted) {
        return Problem.json("{\"deleted\":" + deleted + "}");
    }

    private void audit(String what) {
        // Names come from outside, and may try to look like lines of the log.
        String line =
                Protocol.printable(caller + " of the HTTP API from " + address + " deletes " + what + ": started");
        System.getLogger("dev.hubbub.audit").log(System.Logger.Level.INFO, line);
    }
}
