package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Assigns a class of handlers to a namespace; without this annotation, it belongs to the main one. Each namespace has its own
 * {@link Hub}, clients and rooms, separate from those of other namespaces. The events that Hubbub itself handles, such as
 * {@code join}, exist in every namespace.
 *
 * <p>A Socket.IO client chooses its namespace: {@code io("/admin")}. Clients of other transports are in the main namespace.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Namespace {
    /** The main namespace. */
    String MAIN = "/";

    /** The name of the namespace: a slash and up to 127 characters, without commas and question marks. */
    String value();
}
