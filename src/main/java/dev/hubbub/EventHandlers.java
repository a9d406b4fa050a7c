package dev.hubbub;

import jakarta.enterprise.inject.Stereotype;
import jakarta.inject.Singleton;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose methods handle events. It needs no registration: at start-up, Hubbub finds it in {@code WEB-INF/classes}
 * and in the jars of {@code WEB-INF/lib}.
 *
 * <pre>{@code
 * @EventHandlers
 * public class Auction {
 *     @OnEvent("bid")
 *     Bid bid(Client client, Bid bid) {
 *         client.room("lot-7").except(client).emit("bid", bid);
 *         return bid; // the acknowledgement, if the client has asked for one
 *     }
 * }
 * }</pre>
 *
 * One instance serves all clients, so events of different clients call it at the same time. Where CDI is available, the
 * instance is a bean (a {@code @Singleton}, unless the class has another scope) and supports injection; elsewhere the class
 * needs a constructor without parameters.
 *
 * @see OnEvent
 */
@Documented
@Inherited
@Stereotype
@Singleton
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventHandlers {}
