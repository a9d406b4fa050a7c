package dev.hubbub;

import java.util.Collection;
import java.util.Optional;

/** All clients and rooms of one namespace. As an {@link Audience} it is every connected client. */
public interface Hub extends Group {
    /** @throws EventException {@code invalid-data} if the name does not have 1 to 128 characters, or has control characters */
    Room room(String name);

    /** The members of these rooms. A client that is in several of them gets an event once. */
    Group rooms(String... names);

    /** The names of the rooms that have members, as a snapshot. */
    Collection<String> roomNames();

    /** The client with this id; empty if it is not connected. */
    Optional<Client> client(String id);

    /** How many clients are connected. */
    int size();
}
