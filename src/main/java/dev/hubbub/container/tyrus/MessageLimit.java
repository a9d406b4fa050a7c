package dev.hubbub.container.tyrus;

/**
 * The limit of the messages of one connection.
 *
 * @param maxMessage bytes
 * @param tooBig rejects a message that exceeds the limit; called on the thread that reads
 */
record MessageLimit(int maxMessage, Runnable tooBig) {}
