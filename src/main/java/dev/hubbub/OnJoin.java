package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a class with {@link EventHandlers} that is called when a client is about to become a member of a room: after
 * the room's policy has permitted it, and before the client is sent {@code hello}. An {@link EventException} refuses the client:
 * it is answered with the code and the message. Any other exception is logged, and answered with {@code internal}.
 *
 * <pre>{@code
 * @OnJoin("game-{id}")
 * void join(Client client, Room room, Join join) {
 *     games.require(room.name(), join.request().string("invitation"));   // throws an EventException
 *     room.every("tick", Duration.ofMillis(50), () -> room.emit("state", games.step(room.name())));
 * }
 * }</pre>
 *
 * <p>Parameters: {@link Client}, {@link Room}, {@link Join} (nick, data and whatever else the client has sent), {@link Hub},
 * {@link Handshake}. The client's later events wait until the method has returned. It is not called for a client that is a member
 * already, nor for one that was lost and returns before the others were told. Each call that returns is followed by one call of
 * the {@link OnLeave} methods.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnJoin {
    /** A pattern of room names as in {@link RoomPolicy}: {@code game-{id}}, or {@code *} for all rooms. */
    String value();
}
