package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a class with {@link EventHandlers} that is called once when Hubbub stops, as when the application is
 * undeployed: when all clients have been disconnected and the {@link OnDisconnect} methods have returned.
 *
 * <pre>{@code
 * @OnStop
 * void stop() {
 *     feed.close();
 * }
 * }</pre>
 *
 * Parameter: {@link Hub}. The methods are called one after another, by the thread that undeploys the application. An exception is
 * logged; the others are called all the same.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnStop {}
