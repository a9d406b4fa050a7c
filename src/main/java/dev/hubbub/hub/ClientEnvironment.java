package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.access.Limits;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What clients of one namespace have in common.
 *
 * @param <C> the class of the clients
 * @param limits gives those that apply at the moment
 * @param rooms gives a room by its name, for events of a client
 * @param end ends a client, with this code and reason; called by any thread, perhaps with a room's lock, and does not block
 */
record ClientEnvironment<C>(
        HubServices services,
        Outbox.Limits outboxes,
        Supplier<Limits> limits,
        RoomFinder rooms,
        Conflater conflater,
        BiConsumer<C, Close> end) {}
