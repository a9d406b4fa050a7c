package dev.hubbub;

/**
 * Tells who it is that shows a token, in place of Hubbub's own verifier of JSON Web Tokens. An application's class that
 * implements it is found like its handlers, in {@code WEB-INF/classes} and {@code WEB-INF/lib}; there can be one.
 *
 * <pre>{@code
 * public class Sessions implements TokenVerifier {
 *     @Inject SessionStore store;
 *
 *     public Identity verify(String token) {
 *         return store.find(token)
 *                 .map(session -> new Identity(session.user(), session.roles(), session.end()))
 *                 .orElseThrow(() -> new EventException("forbidden", "There is no such session"));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Called by many threads at once. It should not wait for long: in the standalone run, threads call it that read for many
     * clients.
     *
     * @param token as the client sent it; it could be anything
     * @throws EventException {@code forbidden} with a message that the client is shown
     */
    Identity verify(String token);
}
