package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called once when a client has disconnected, for whatever reason. The members of its rooms have already
 * been sent {@code left}; {@link Client#rooms()} still names these rooms. Parameters: {@link Client}, {@link Hub}, {@link
 * Handshake}, {@link Close}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnDisconnect {}
