package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of a class with {@link EventHandlers} that is called once when Hubbub has started, before the first client can
 * connect.
 *
 * <pre>{@code
 * @OnStart
 * void start(Hub hub) {
 *     prices.onChange(price -> hub.room("prices").emit("price", price));
 * }
 * }</pre>
 *
 * Parameter: {@link Hub}, that of the namespace of the class. The methods are called one after another, by the thread that
 * deploys the application, so a slow one delays the start. An exception is logged; the others are called all the same.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnStart {}
