package dev.hubbub.cluster;

import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.ClusterSessions;
import dev.hubbub.hub.Forwarding;
import dev.hubbub.hub.History;
import dev.hubbub.hub.HubServices;
import dev.hubbub.hub.Leases;
import dev.hubbub.hub.OwnClients;
import dev.hubbub.hub.RemoteClients;
import dev.hubbub.hub.RoomDirectory;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A cluster whose rooms Node's Socket.IO servers and emitters share; see {@link SocketIoExchange}. */
public final class ExchangingCluster implements Cluster {
    private final RedisCluster cluster;
    private final SocketIoExchange exchange;

    private ExchangingCluster(RedisCluster cluster, ThreadFactory threads) {
        this.cluster = cluster;
        exchange = new SocketIoExchange(cluster, threads);
    }

    /** As {@link RedisCluster#connect}. */
    public static Cluster connect(ClusterConfig config, ThreadFactory threads) {
        return new ExchangingCluster((RedisCluster) RedisCluster.connect(config, threads), threads);
    }

    @Override
    public void start(HubServices services) {
        cluster.start(services);
        exchange.start(services.scheduler());
    }

    @Override
    public Broker broker(String namespace, History history) {
        return cluster.broker(namespace, history);
    }

    @Override
    public ClusterSessions sessions(String namespace) {
        return cluster.sessions(namespace);
    }

    @Override
    public RemoteClients clients(String namespace, OwnClients here) {
        RemoteClients elsewhere = cluster.clients(namespace, here);
        exchange.serve(new SocketIoAudience(cluster, namespace, here, elsewhere));
        return elsewhere;
    }

    @Override
    public RoomDirectory directory(String namespace) {
        return cluster.directory(namespace);
    }

    @Override
    public Leases leases(String namespace) {
        return cluster.leases(namespace);
    }

    @Override
    public Forwarding forwarding() {
        return cluster.forwarding();
    }

    @Override
    public Status status() {
        return cluster.status();
    }

    @Override
    public void onAvailable(Consumer<Boolean> listener) {
        cluster.onAvailable(listener);
    }

    @Override
    public void stop() {
        exchange.stop();
        cluster.stop();
    }
}
