package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method runs when a client sends the event of this name. Its parameters are chosen by type, in any order:
 *
 * <ul>
 *   <li>{@link Client}, {@link Hub}, {@link Event}, {@link Data};
 *   <li>{@link Room}: the room that the data names with its member {@code room} ({@code lobby} if it names none); a
 *       sender who is not in it is answered {@code not-in-room} and the method does not run;
 *   <li>{@code byte[]} or {@link java.nio.ByteBuffer}: the bytes of a binary frame;
 *   <li>one parameter of any other type: the event's data, bound by JSON-B (a record, a class, a
 *       {@code JsonValue}, a {@code String}, a number, a {@code List<...>}). What does not bind is answered
 *       {@code invalid-data}.
 * </ul>
 *
 * The result is the acknowledgement's data, for a sender who asked for one; a {@link
 * java.util.concurrent.CompletionStage} acknowledges when it completes. An {@link EventException} answers with its code
 * and message; any other exception answers {@code internal} and is logged.
 *
 * <p>Events of one client run one after another in the order sent; a handler that blocks delays its own client only.
 * One that is sure to return at once can say so with {@link #blocking()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnEvent {
    /** The event's name: 1 to 128 characters; {@code ack}, {@code error} and {@code connected} are Hubbub's own. */
    String value();

    /**
     * {@code false} promises that the method waits for nothing: no database, no file, no lock that is held for long. It
     * may then run on a thread that reads the sockets of many clients, which saves handing it over and a good part of
     * what a small event costs in the standalone run. In servlet containers it makes no difference.
     */
    boolean blocking() default true;
}
