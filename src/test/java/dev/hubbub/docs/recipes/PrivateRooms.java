package dev.hubbub.docs.recipes;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

@RoomPolicy("private-{id}")
public class PrivateRooms implements RoomAccess {
    private final Map<String, String> passwords = new ConcurrentHashMap<>(Map.of("cats", "1234"));

    @Override
    public boolean mayJoin(Client client, Map<String, String> parts, Join join) {
        String password = passwords.get(parts.get("id"));
        if (password == null || !password.equals(join.request().string("password"))) {
            throw new EventException("wrong-password", "There is no such room, or the password is wrong");
        }
        return true;
    }

    @Override
    public boolean mayJoin(Client client, Map<String, String> parts) {
        return true; // a member that returns needs no password
    }

    @Override
    public int maxMembers(Map<String, String> parts) {
        return 8;
    }
}
