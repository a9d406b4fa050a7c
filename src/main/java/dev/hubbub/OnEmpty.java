package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a class with {@link EventHandlers} that is called when a room has lost its last member, and nobody may return
 * to it any more.
 *
 * <pre>{@code
 * @OnEmpty("game-{id}")
 * void end(Room room) {
 *     games.remove(room.name());
 * }
 * }</pre>
 *
 * <p>Parameters: {@link Room}, {@link Hub}. The method is called on the application executor, after the {@link OnLeave} methods of
 * the last member. A client may have joined the room again by then; {@link Room#size()} tells. An exception is logged. In
 * a cluster it is called once, when the room has no member on any node: on the node of the last member, or if that node is gone,
 * on another one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnEmpty {
    /** A pattern of room names as in {@link RoomPolicy}: {@code game-{id}}, or {@code *} for all rooms. */
    String value();
}
