package dev.hubbub.hub;

import dev.hubbub.Member;
import java.util.Map;
import java.util.Objects;

/**
 * What a client that was lost needs to return as the same client.
 *
 * @param secret proves that a returning client is this one
 * @param formerSecret proves it, too, because the client may not have learned the secret; null if it has
 * @param user the name under which it was authenticated; null if it was anonymous
 * @param rooms its rooms in the order in which it joined, with what it is in each
 * @param positions the last number that it has seen, by epoch, if its transport tracks that
 * @param attributes the application's values
 */
public record Session(
        String id,
        String secret,
        String formerSecret,
        String user,
        Map<String, Member> rooms,
        Map<String, Long> positions,
        Map<String, Object> attributes) {
    /** Whether a client that shows this secret and is this user may continue the session. */
    boolean isOf(String shownSecret, String shownUser) {
        return (Secret.isSame(secret, shownSecret) || Secret.isSame(formerSecret, shownSecret))
                && Objects.equals(user, shownUser);
    }

    /** Without the secret, which must not get into a log. */
    @Override
    public String toString() {
        return "session " + id;
    }
}
