package dev.hubbub;

/**
 * A member of a room.
 *
 * @param id the id of the client
 * @param nick the name that the client has chosen in this room; null if it has none
 */
public record Member(String id, String nick) {}
