package dev.hubbub.websocket;

import dev.hubbub.Event;
import dev.hubbub.protocol.MalformedException;

/**
 * A text frame as it came in.
 *
 * @param event null if it is none
 * @param problem why it is none, else null
 * @param length in bytes of UTF-8
 */
public record Received(Event event, MalformedException problem, int length) {}
