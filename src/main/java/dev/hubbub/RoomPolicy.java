package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rooms that a {@link RoomAccess} decides about. Its class is found at start-up like {@link EventHandlers}, and is a
 * bean where CDI is available.
 *
 * <pre>{@code
 * @RoomPolicy("order-{id}")
 * public class OrderRooms implements RoomAccess {
 *     @Inject Orders orders;
 *
 *     public boolean mayJoin(Client client, Map<String, String> parts) {
 *         return client.isInRole("staff") || orders.isOf(parts.get("id"), client.principal());
 *     }
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RoomPolicy {
    /**
     * A pattern of room names with named parts: {@code order-{id}}. A part matches one or more characters, as many as
     * possible. If several policies match a room, only the one whose pattern has the most characters outside of parts decides.
     */
    String value();
}
