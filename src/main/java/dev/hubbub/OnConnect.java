package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called when a client has connected: after the event {@code connected} has been sent and before the
 * first event of the client is handled. Parameters: {@link Client}, {@link Hub}, {@link Handshake}. An {@link EventException}
 * closes the connection with 1008 and the message of the exception.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnConnect {}
