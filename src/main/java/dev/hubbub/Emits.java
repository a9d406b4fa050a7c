package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an event that the server sends, for the contract ({@code /asyncapi.json} and {@code /hubbub-events.d.ts}). The events
 * that clients send are known from the handlers; what a handler emits is not. It has no effect on what is sent.
 *
 * <pre>{@code
 * @EventHandlers
 * @Emits(value = "price", data = Price.class)
 * public class Ticker { ... }
 * }</pre>
 */
@Documented
@Repeatable(Emits.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Emits {
    /** The name of the event. */
    String value();

    /** The class of its data. {@code Void} means that it has none, {@code Object} that it may be anything. */
    Class<?> data() default Void.class;

    /** The annotations of a class or a method that emits several events. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface All {
        Emits[] value();
    }
}
