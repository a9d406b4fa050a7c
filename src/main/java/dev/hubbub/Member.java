package dev.hubbub;

/**
 * A member of a room.
 *
 * <pre>{@code
 * for (Member member : room.members()) {
 *     log(member.id() + " is " + member.nick());
 * }
 * }</pre>
 *
 * @param id the id of the client
 * @param nick the name that the client has chosen in this room; null if it has none
 * @param data what the members see beside the nick, see {@link Join}; null if there is none
 */
public record Member(String id, String nick, Data data) {
    /** A member without data. */
    public Member(String id, String nick) {
        this(id, nick, null);
    }
}
