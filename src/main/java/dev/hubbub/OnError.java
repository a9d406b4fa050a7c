package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method is told of every exception that a handler threw and that is not an {@link EventException}: for an error
 * tracker, say. The client is answered {@code internal} and the log has the cause, with or without such a method.
 * Parameters: {@link Client}, {@link Hub}, {@link Event}, {@link Throwable}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnError {}
