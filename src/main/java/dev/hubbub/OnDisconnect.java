package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method runs once when a client has gone, however it went. Its rooms know already ({@code left}); {@link
 * Client#rooms()} still names the rooms that it was in. Parameters: {@link Client}, {@link Hub}, {@link Handshake},
 * {@link Close}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnDisconnect {}
