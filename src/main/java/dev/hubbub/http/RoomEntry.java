package dev.hubbub.http;

import dev.hubbub.Close;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.PrintableFailure;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets a client of an HTTP transport in, in the same order as a client with a WebSocket: it is connected, the {@code @OnConnect}
 * methods accept it, and only then the policies of the rooms that its request names are asked about it. Until then its transport
 * sends it nothing, so that a rejection can have a status.
 */
final class RoomEntry {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private RoomEntry() {}

    /**
     * Connects a prepared client.
     *
     * @param seen the numbers that it has seen, by epoch; null if it does not want to return
     * @param join how the client wants to join them
     * @param completion called once, by any thread that may run application code, with null if the client is accepted and may
     *     join all the rooms; otherwise with the reason, and the client has been disconnected
     */
    static void enter(
            LocalClient client,
            Map<String, Long> seen,
            List<String> rooms,
            Join join,
            Consumer<EventException> completion) {
        Hubbub hubbub = Hubbub.current();
        Consumer<EventException> checked = rejection -> {
            if (rejection != null) {
                hubbub.hub().left(client, new Close(CloseCode.POLICY, rejection.getMessage()));
            }
            completion.accept(rejection);
        };
        hubbub.hub().admit(client, seen);
        hubbub.dispatcher().connected(client, rejection -> {
            if (rejection != null) {
                checked.accept(RejectedException.byApplication(rejection));
            } else if (client.isClosing()) {
                checked.accept(null); // by a handler: the client is told so as any other
            } else {
                askPolicies(hubbub.hub(), client, rooms, join, checked);
            }
        });
    }

    /** Asks the policies on the client's mailbox, which runs them where they may block. */
    private static void askPolicies(
            LocalHub hub, LocalClient client, List<String> rooms, Join join, Consumer<EventException> completion) {
        boolean mayBlock = rooms.stream().anyMatch(hub::policyMayBlock);
        if (!client.mailbox().add(() -> completion.accept(rejection(hub, client, rooms, join)), !mayBlock)) {
            completion.accept(new EventException(EventException.OVERLOADED, "The server has too much to do"));
        }
    }

    private static EventException rejection(LocalHub hub, LocalClient client, List<String> rooms, Join join) {
        try {
            boolean allowed =
                    rooms.stream().allMatch(room -> hub.permissions(room).mayJoin(client, join));
            return allowed ? null : new EventException(EventException.FORBIDDEN, "You may not join this room");
        } catch (EventException refused) {
            return RejectedException.byApplication(refused);
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "A request failed", PrintableFailure.of(failure));
            return new EventException(EventException.INTERNAL, "The server failed to handle the request");
        }
    }
}
