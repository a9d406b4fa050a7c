package dev.hubbub.container.tyrus;

import jakarta.websocket.CloseReason;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.ReadHandler;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;

/**
 * An upgrade after which a {@link TyrusReader} reads the frames.
 *
 * @param end called when the connection has ended
 */
record LimitedUpgrade(WebSocketEngine.UpgradeInfo tyrus, Runnable end) implements WebSocketEngine.UpgradeInfo {
    /** @param upgrade an {@code UpgradeInfo} */
    static LimitedUpgrade of(Object upgrade, Runnable end) {
        return new LimitedUpgrade((WebSocketEngine.UpgradeInfo) upgrade, end);
    }

    @Override
    public WebSocketEngine.UpgradeStatus getStatus() {
        return tyrus.getStatus();
    }

    @Override
    public Connection createConnection(Writer writer, Connection.CloseListener listener) {
        Connection connection = tyrus.createConnection(writer, listener);
        return new LimitedConnection(connection, TyrusReader.of(connection.getReadHandler()), end);
    }

    private record LimitedConnection(Connection tyrus, ReadHandler reader, Runnable end) implements Connection {
        @Override
        public ReadHandler getReadHandler() {
            return reader;
        }

        @Override
        public Writer getWriter() {
            return tyrus.getWriter();
        }

        @Override
        public CloseListener getCloseListener() {
            return tyrus.getCloseListener();
        }

        @Override
        public void close(CloseReason reason) {
            tyrus.close(reason);
            end.run();
        }
    }
}
