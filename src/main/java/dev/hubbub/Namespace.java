package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The namespace whose clients a class of handlers serves; without it, the main one. A namespace is a hub of its own: its
 * clients, its rooms, and what a handler's {@link Hub} sends to all, are apart from those of the others. The events that Hubbub
 * itself handles, {@code join} and so on, are there in each.
 *
 * <p>Socket.IO clients choose it: {@code io("/admin")}. Clients of the other transports are in the main namespace.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Namespace {
    /** The main namespace. */
    String MAIN = "/";

    /** A slash and up to 127 characters, no comma or question mark among them. */
    String value();
}
