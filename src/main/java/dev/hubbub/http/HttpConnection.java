package dev.hubbub.http;

import dev.hubbub.hub.Connection;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.Secret;
import java.util.concurrent.locks.ReentrantLock;

/** A client whose events come in by requests of their own, each of which must show that it is the client's. */
abstract class HttpConnection implements Connection {
    private final String secret = Secret.next();

    /** One event at a time, as on a socket, however many requests bring them. */
    final ReentrantLock receiving = new ReentrantLock(true);

    private volatile LocalClient client;

    @Override
    public final String secret() {
        return secret;
    }

    void belongsTo(LocalClient owner) {
        client = owner;
    }

    /** Null at the very beginning. */
    LocalClient client() {
        return client;
    }

    void heard() {
        if (client != null) {
            client.heard();
        }
    }

    /**
     * @param token the client's id, a dot, the secret, as {@code connected} has told it
     * @return null if there is no such client, or the secret is another
     */
    static HttpConnection find(LocalHub hub, String token) {
        int dot = token == null ? -1 : token.indexOf('.');
        if (dot < 0) {
            return null;
        }
        return hub.client(token.substring(0, dot))
                                        .map(client -> ((LocalClient) client).connection())
                                        .orElse(null)
                                instanceof HttpConnection connection
                        && Secret.isSame(connection.secret, token.substring(dot + 1))
                ? connection
                : null;
    }
}
