package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.EventException;
import dev.hubbub.Group;
import dev.hubbub.Member;
import dev.hubbub.Room;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** A room by its name; whether it has a roster at the moment is looked up at each call. */
record LocalRoom(LocalHub hub, String name) implements Room {
    LocalRoom {
        if (!Protocol.isName(name) || !Protocol.isPlain(name)) {
            throw new EventException(
                    EventException.INVALID_DATA,
                    "A room's name has 1 to " + Protocol.MAX_NAME + " characters, none of which controls anything");
        }
    }

    @Override
    public void emit(String event, Object data, List<ByteBuffer> attachments, Delivery delivery) {
        hub.emit(Set.of(name), Set.of(), EventEncoder.event(event, data, attachments, delivery));
    }

    @Override
    public Group except(Client... clients) {
        return new Selection(hub, Set.of(name), Set.of(clients));
    }

    @Override
    public void join(Client client, String nick) {
        checkNick(nick);
        hub.join((LocalClient) client, name, nick, null);
    }

    @Override
    public void join(Client client, String nick, String since) {
        checkNick(nick);
        LocalClient local = (LocalClient) client;
        local.tellPositions();
        hub.join(local, name, nick, Position.parse(since));
    }

    @Override
    public void admit(Client client, String nick, String since) {
        if (!hub.right(name).mayJoin(client)) {
            throw new EventException(EventException.FORBIDDEN, "You may not join this room");
        }
        LocalClient local = (LocalClient) client;
        int most = hub.limits().rooms();
        if (local.rooms().size() >= most && !has(client)) {
            throw new EventException(
                    EventException.TOO_LARGE, "You are in " + most + " rooms, and there may be no more");
        }
        RoomState roster = hub.roster(name);
        if (roster != null && roster.size() >= hub.limits().members() && !roster.has(local)) {
            throw new EventException(EventException.TOO_LARGE, "The room is full");
        }
        if (since == null) {
            join(client, nick);
        } else {
            join(client, nick, since);
        }
    }

    @Override
    public boolean mayPublish(Client client) {
        return hub.right(name).mayPublish(client);
    }

    private static void checkNick(String nick) {
        if (nick != null && !Protocol.isPlain(nick)) {
            throw new EventException(EventException.INVALID_DATA, "A nick has no characters that control anything");
        }
        if (nick != null && nick.length() > Protocol.MAX_NICK) {
            throw new EventException(
                    EventException.TOO_LARGE, "A nick has at most " + Protocol.MAX_NICK + " characters");
        }
    }

    @Override
    public boolean leave(Client client) {
        return hub.leave((LocalClient) client, name);
    }

    @Override
    public boolean has(Client client) {
        RoomState roster = hub.roster(name);
        return roster != null && roster.has((LocalClient) client);
    }

    @Override
    public List<Member> members() {
        RoomState roster = hub.roster(name);
        return roster == null ? List.of() : roster.members();
    }

    @Override
    public long position() {
        RoomState roster = hub.roster(name);
        return roster == null ? 0 : roster.position();
    }

    @Override
    public String toString() {
        return "room " + name;
    }
}
