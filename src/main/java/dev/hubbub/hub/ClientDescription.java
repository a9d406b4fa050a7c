package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Identity;
import dev.hubbub.protocol.Protocol;

/** Names clients in logs so that they can be found: behind a proxy or in an office, many have the same address. */
public final class ClientDescription {
    private static volatile String context = "";

    private ClientDescription() {}

    /** Names the application in all descriptions, because the log of a server may have lines of several ones. */
    public static void context(String path) {
        context = path.isEmpty() ? "" : " at " + path;
    }

    /** The id and the address, the user, the transport, and the context path unless it is the root. */
    public static String of(Client client) {
        Identity identity = client.identity();
        String user = identity.isAnonymous() ? "" : " of the user " + Protocol.printable(identity.name());
        String transport = client instanceof LocalClient local
                ? " by " + local.connection().transport()
                : "";
        return client + user + transport + context;
    }
}
