package dev.hubbub;

/**
 * A client in a room.
 *
 * @param nick null if it gave none
 */
public record Member(String id, String nick) {}
