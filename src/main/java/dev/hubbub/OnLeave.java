package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a class with {@link EventHandlers} that is called once when a client is no longer a member of a room. For a
 * lost client that may return, that is when it has not returned in time ({@code hubbub.presence-grace}).
 *
 * <pre>{@code
 * @OnLeave("game-{id}")
 * void leave(Client client, Room room, LeaveReason reason) {
 *     if (reason == LeaveReason.LOST) {
 *         room.emit("paused", client.id());
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters: {@link Client}, {@link Room}, {@link LeaveReason}, {@link Hub}, {@link Handshake}. The method is called after the
 * others have been sent {@code left}, on the application executor, after the events that the client has sent before. An exception
 * is logged. It is not called for lost clients that may still return when Hubbub stops.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnLeave {
    /** A pattern of room names as in {@link RoomPolicy}: {@code game-{id}}, or {@code *} for all rooms. */
    String value();
}
