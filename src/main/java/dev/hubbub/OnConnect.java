package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method runs when a client has connected, after its {@code connected} event is on its way and before its first
 * event is handled. Parameters: {@link Client}, {@link Hub}, {@link Handshake}. An {@link EventException} closes the
 * connection with 1008 and the exception's message.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnConnect {}
