package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rooms over which a {@link RoomAccess} decides. Its class is found like handlers are, and is a bean where CDI is.
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
     * A room's name with parts: {@code order-{id}}. A part is one or more characters, and as many as possible. Of several
     * policies that fit, the one whose pattern has most fixed characters decides, alone.
     */
    String value();
}
