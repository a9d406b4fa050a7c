package dev.hubbub.http;

import java.util.function.Consumer;

/** Takes the response to one request, from any thread, without blocking it. */
public interface Responder {
    /**
     * Writes the whole response and ends it.
     *
     * @param done called once, with null or the failure, perhaps before this method returns; null if nobody wants to know
     */
    void respond(int status, byte[] data, Consumer<Throwable> done);

    /** Whether the client has reached another node, which has handed over its request. */
    default boolean isRemote() {
        return false;
    }
}
