package dev.hubbub.access;

import dev.hubbub.Client;
import dev.hubbub.RoomAccess;
import java.util.Map;

/**
 * What clients may do in one room, as decided by its policy.
 *
 * @param parts the named parts of the room's name, see {@link RoomAccess}
 * @param mayBlock whether asking runs code of the application, which may block
 */
public record RoomPermissions(RoomAccess access, Map<String, String> parts, boolean mayBlock) {
    public boolean mayJoin(Client client) {
        return access.mayJoin(client, parts);
    }

    public boolean mayPublish(Client client) {
        return access.mayPublish(client, parts);
    }

    public boolean maySeeMembers(Client client) {
        return access.maySeeMembers(client, parts);
    }
}
