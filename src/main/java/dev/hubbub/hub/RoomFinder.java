package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Room;

/** Gives rooms by their names. */
@FunctionalInterface
interface RoomFinder {
    /** @param sender the client whose events are published through the result */
    Room room(String name, Client sender);
}
