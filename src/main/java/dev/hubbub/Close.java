package dev.hubbub;

/**
 * How a connection was closed.
 *
 * @param code the close code (RFC 6455, section 7.4); 1006 if the socket was closed without a close frame
 * @param reason the reason of the close frame; empty if there is none, never null
 */
public record Close(int code, String reason) {}
