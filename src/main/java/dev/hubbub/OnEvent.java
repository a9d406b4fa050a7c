package dev.hubbub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that is called when a client sends an event with this name. Its parameters are bound by type, in any order:
 *
 * <ul>
 *   <li>{@link Client}, {@link Hub}, {@link Event}, {@link Data};
 *   <li>{@link Room}: the room that the member {@code room} of the data names ({@code lobby} if it is missing). If the client
 *       is not a member of the room, it is sent the error {@code not-in-room} and the method is not called;
 *   <li>{@code byte[]} or {@link java.nio.ByteBuffer}: the bytes of a binary frame;
 *   <li>one parameter of any other type: the data of the event, bound by JSON-B (a record, a class, a {@code JsonValue}, a
 *       {@code String}, a number, a {@code List<...>}). If it does not bind, the client is sent the error {@code
 *       invalid-data}.
 * </ul>
 *
 * The result is the data of the acknowledgement, if the client has asked for one; with a {@link
 * java.util.concurrent.CompletionStage}, the acknowledgement is sent when the stage completes. An {@link EventException} is
 * answered with its code and message; any other exception is answered with {@code internal} and logged.
 *
 * <p>The events of one client are handled one after another, in the order sent. A handler that blocks delays only its own
 * client. A handler that never blocks can declare so with {@link #blocking()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnEvent {
    /** The name of the event: 1 to 128 characters; {@code ack}, {@code error} and {@code connected} are reserved. */
    String value();

    /**
     * Whether the method may block. {@code false} promises that it waits for nothing: no database, no file, no lock that is
     * held for long. In the standalone server, such a method may run on a thread that reads the sockets of many clients; not
     * passing the event to another thread saves a good part of the cost of a small event. In servlet containers it makes no
     * difference.
     */
    boolean blocking() default true;

    /** The error codes of the application with which the handler may answer. They are shown in the contract, see {@link Emits}. */
    String[] errors() default {};
}
