package dev.hubbub.hub;

import dev.hubbub.ClientRef;

/**
 * The clients of this node, in one namespace, for the requests of other nodes. All methods, those of the references too, are
 * called by a thread that must not block, write to sockets or run code of the application.
 */
public interface OwnClients {
    /** Null if there is none with this id. */
    ClientRef find(String id);

    /** Closes all clients of an authenticated user. */
    void closeUser(String user, int code, String reason);
}
