package dev.hubbub;

/**
 * Authenticates clients by their tokens, in place of Hubbub's own verifier of JSON Web Tokens. At start-up, Hubbub finds the
 * class of the application that implements it in {@code WEB-INF/classes} and {@code WEB-INF/lib}; there can be only one.
 *
 * <pre>{@code
 * public class Sessions implements TokenVerifier {
 *     @Inject SessionStore store;
 *
 *     public Identity verify(String token) {
 *         return store.find(token)
 *                 .map(session -> new Identity(session.user(), session.roles(), session.end()))
 *                 .orElseThrow(() -> new EventException("forbidden", "The session does not exist"));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Returns the identity of the client that has sent a token. Many threads call it at the same time. It should not block for
     * long: in the standalone server, it is called by threads that read the sockets of many clients.
     *
     * @param token the text that the client has sent; it may be anything
     * @throws EventException {@code forbidden} if the token is invalid; the client is sent the message
     */
    Identity verify(String token);
}
