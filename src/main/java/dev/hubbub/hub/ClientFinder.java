package dev.hubbub.hub;

import dev.hubbub.ClientRef;
import java.util.concurrent.CompletionStage;

/** Finds the clients of one namespace on all nodes, and those of this node for the others. */
final class ClientFinder implements OwnClients {
    private final ClientRegistry registry;
    private final Writers writers;
    private final Conflater conflater;
    private volatile RemoteClients elsewhere = RemoteClients.NONE;

    ClientFinder(ClientRegistry registry, Writers writers, Conflater conflater) {
        this.registry = registry;
        this.writers = writers;
        this.conflater = conflater;
    }

    void setElsewhere(RemoteClients clients) {
        elsewhere = clients;
    }

    /** A client on whatever node it is, if it is on any. */
    ClientRef reference(String id) {
        return new LocalClientRef(registry, elsewhere, id);
    }

    /** See {@link LocalHub#closeUser}. */
    CompletionStage<Void> closeUserEverywhere(String user, int code, String reason) {
        closeHere(user, code, reason);
        return elsewhere.closeUser(user, code, reason);
    }

    @Override
    public ClientRef find(String id) {
        LocalClient client = registry.find(id);
        return client == null ? null : new RequestedClient(client, writers, conflater);
    }

    @Override
    public void closeUser(String user, int code, String reason) {
        writers.execute("close", () -> closeHere(user, code, reason));
    }

    private void closeHere(String user, int code, String reason) {
        registry.all().stream()
                .filter(client -> user.equals(client.identity().name()))
                .forEach(client -> client.close(code, reason));
    }
}
