package dev.hubbub.history;

import java.io.IOException;

/** The history of nodes of a cluster whose Redis is empty at each start of a node. */
class EmptyRedisHistoryIT extends ClusterHistoryContract {
    @Override
    Node node(JdbcHistory.Config config, int logEvents) {
        try {
            redis.kill();
            redis.restart();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return super.node(config, logEvents);
    }
}
