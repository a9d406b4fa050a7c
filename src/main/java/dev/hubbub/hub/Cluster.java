package dev.hubbub.hub;

import java.util.function.Consumer;

/** What a hub shares with the hubs of other nodes. A hub without one has its rooms and sessions to itself. */
public interface Cluster {
    /** The hub has its executors. Called once, before {@link #broker}. */
    void start(HubServices services);

    /** The broker of a namespace. */
    Broker broker(String namespace, History history);

    /** The sessions of a namespace. */
    ClusterSessions sessions(String namespace);

    /**
     * The clients of a namespace on other nodes.
     *
     * @param here those of this node, for the others
     */
    RemoteClients clients(String namespace, OwnClients here);

    /** The rooms of a namespace on all nodes. */
    RoomDirectory directory(String namespace);

    /** Which node of the cluster does what only one is to do, in a namespace. */
    Leases leases(String namespace);

    /** Hands requests to the nodes of their sessions. */
    Forwarding forwarding();

    /** What this node sees of the cluster. */
    Status status();

    /**
     * What a node sees of its cluster.
     *
     * @param node the id of this node, another one at each start
     * @param available whether events are taken
     * @param nodes how many nodes live, this one included
     * @param term identifies the store's master and its run; a new one begins new epochs
     * @param roundTripNanos how long the store took to answer last
     * @param waiting events that wait to be sent to the store
     * @param gaps times that missing events were read
     * @param lost times that missing events were gone
     * @param refused events that were answered {@code unavailable}
     * @param malformed messages that were dropped
     * @param forwarded requests that were handed to the node of their session
     */
    record Status(
            String node,
            boolean available,
            int nodes,
            String term,
            long roundTripNanos,
            int waiting,
            long gaps,
            long lost,
            long refused,
            long malformed,
            long forwarded) {}

    /** Told when other nodes have been out of reach for longer than events wait (false), and when they are back. */
    void onAvailable(Consumer<Boolean> listener);

    /** The hub stops: what waits is sent, and the threads end. */
    void stop();
}
