package dev.hubbub.hub;

import dev.hubbub.Close;

/** Told of each client that has disconnected, once, after its rooms have been told. */
@FunctionalInterface
public interface DisconnectListener {
    void disconnected(LocalClient client, Close close);
}
