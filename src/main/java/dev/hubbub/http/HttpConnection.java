package dev.hubbub.http;

import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Secret;

/**
 * The connection of a client that sends its events in separate HTTP requests. A secret in each request proves that it belongs
 * to the client.
 */
abstract class HttpConnection implements Connection {
    private volatile String secret = Secret.next();

    private volatile LocalClient client;

    /** The number of the last event that was sent with a number. Guarded by this. */
    private long lastPost;

    /** What becomes of an event that has a number in its session. */
    enum Turn {
        NEXT,
        REPEATED,
        OUT_OF_ORDER
    }

    @Override
    public final String secret() {
        return secret;
    }

    @Override
    public final boolean returnsToAnyNode() {
        return true;
    }

    @Override
    public final void useSecret(String shared) {
        secret = shared;
    }

    /** Must be called before the client learns its session, and sends requests for it. */
    void setClient(LocalClient owner) {
        client = owner;
    }

    /** Null while the session is being opened. */
    LocalClient client() {
        return client;
    }

    /** The client has shown that it is alive. */
    void heard() {
        if (client != null) {
            client.heard();
        }
    }

    /**
     * Takes the number of an event, if it is the next one. Browsers repeat a request on their own when a kept-alive connection
     * was reset (RFC 9110, section 9.2.2, forbids that for POST; they do it nevertheless), and clients when its response is lost.
     */
    final synchronized Turn take(long number) {
        if (number <= lastPost) {
            return Turn.REPEATED;
        }
        if (number > lastPost + 1) {
            return Turn.OUT_OF_ORDER;
        }
        lastPost = number;
        return Turn.NEXT;
    }

    /**
     * Finds the connection of a session, for a request of its client.
     *
     * @param session the client's id, a dot and the secret, as in the event {@code connected}; null is allowed
     * @return null if the client does not exist or the secret is wrong
     */
    static HttpConnection find(LocalHub hub, String session) {
        int dot = session == null ? -1 : session.indexOf('.');
        if (dot < 0) {
            return null;
        }
        LocalClient found = (LocalClient) hub.client(session.substring(0, dot)).orElse(null);
        if (found != null
                && found.connection() instanceof HttpConnection connection
                && connection.client == found // null while the session is being opened
                && Secret.isSame(connection.secret, session.substring(dot + 1))) {
            found.confirm();
            return connection;
        }
        return null;
    }
}
