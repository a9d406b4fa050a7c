package dev.hubbub.container;

/**
 * Receives the messages of one connection on a server that reads its frames by Hubbub's own code; elsewhere, and if a message is
 * binary or compressed, the annotated endpoint receives them. Called on the thread that reads.
 */
public interface MessageReceiver {
    /** The most bytes of a message. */
    int maxMessage();

    /** Rejects a message that is announced to exceed the limit; called at most once. */
    void tooBig();

    /** Receives a whole text message. */
    void text(String message);

    /** Receives a pong. */
    default void pong() {}
}
