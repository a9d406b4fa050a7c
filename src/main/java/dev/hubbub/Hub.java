package dev.hubbub;

import java.util.Collection;
import java.util.Optional;

/** All clients and rooms of this Hubbub; as an {@link Audience} it is every connected client. */
public interface Hub extends Group {
    /** @throws EventException {@code invalid-data} if the name has not 1 to 128 characters */
    Room room(String name);

    /** Everybody who is in at least one of these rooms, each once. */
    Group rooms(String... names);

    /** A snapshot of the rooms that have members. */
    Collection<String> roomNames();

    Optional<Client> client(String id);

    /** How many clients are connected. */
    int size();
}
