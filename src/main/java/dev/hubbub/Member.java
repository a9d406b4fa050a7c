package dev.hubbub;

import java.util.Objects;

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

    // Written out: the equals() that a record gets from JDK 17 keeps its class, and so the whole application, in a
    // cache of the
    // JDK after the application is undeployed (java.lang.runtime.ObjectMethods).

    @Override
    public boolean equals(Object other) {
        return other instanceof Member that
                && id.equals(that.id)
                && Objects.equals(nick, that.nick)
                && Objects.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, nick, data);
    }
}
