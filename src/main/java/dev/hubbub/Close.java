package dev.hubbub;

/**
 * How a connection ended.
 *
 * @param code RFC 6455, section 7.4; 1006 where the socket ended without a word
 * @param reason never null
 */
public record Close(int code, String reason) {}
