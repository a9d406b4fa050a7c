package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called for every exception of a handler that is not an {@link EventException}, for example to report
 * it to an error tracker. With or without such a method, the client is sent the error {@code internal} and the exception is
 * logged. Parameters: {@link Client}, {@link Hub}, {@link Event}, {@link Throwable}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnError {}
