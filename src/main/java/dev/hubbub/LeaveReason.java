package dev.hubbub;

/**
 * Why a client is no longer a member of a room.
 *
 * <pre>{@code
 * @OnLeave("game-{id}")
 * void leave(Client client, LeaveReason reason) {
 *     log(client.id() + (reason == LeaveReason.LOST ? " has lost its connection" : " has left"));
 * }
 * }</pre>
 */
public enum LeaveReason {
    /** It has left the room, or has ended its connection normally. */
    LEFT,
    /** Its connection was lost, and it has not returned in time. */
    LOST,
    /** The server has removed it: with {@link Room#expel}, because it may not be in the room any more, or by closing it. */
    EXPELLED,
    /** Its identity has expired, see {@link Identity#until()}. */
    EXPIRED
}
