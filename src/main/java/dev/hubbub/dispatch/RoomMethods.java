package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.Hub;
import dev.hubbub.Join;
import dev.hubbub.LeaveReason;
import dev.hubbub.Room;
import dev.hubbub.hub.RoomHook;
import java.util.List;

/** The {@code @OnJoin}, {@code @OnLeave} and {@code @OnEmpty} methods of one room. */
record RoomMethods(
        Hub hub, String name, List<HandlerMethod> onJoin, List<HandlerMethod> onLeave, List<HandlerMethod> onEmpty)
        implements RoomHook {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private Room room() {
        return hub.room(name);
    }

    @Override
    public void joining(Client client, Join how) {
        for (HandlerMethod method : onJoin) {
            try {
                method.call(Call.of(client, room(), how, null));
            } catch (EventException refused) {
                throw refused;
            } catch (Throwable failure) {
                log(method, failure);
                throw new EventException(EventException.INTERNAL, "The server failed to let you join the room");
            }
        }
    }

    @Override
    public void left(Client client, LeaveReason reason) {
        for (HandlerMethod method : onLeave) {
            call(method, Call.of(client, room(), null, reason));
        }
    }

    @Override
    public void empty() {
        for (HandlerMethod method : onEmpty) {
            call(method, Call.of(null, room(), null, null));
        }
    }

    private void call(HandlerMethod method, Call call) {
        try {
            method.call(call);
        } catch (Throwable failure) {
            log(method, failure);
        }
    }

    private void log(HandlerMethod method, Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, method + " failed for the room " + name, failure);
    }
}
