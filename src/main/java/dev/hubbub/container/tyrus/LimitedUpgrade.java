package dev.hubbub.container.tyrus;

import jakarta.websocket.CloseReason;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.ReadHandler;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.Writer;

/** An upgrade after which a {@link TyrusReader} reads the frames. */
record LimitedUpgrade(WebSocketEngine.UpgradeInfo tyrus) implements WebSocketEngine.UpgradeInfo {
    /** @param upgrade an {@code UpgradeInfo} */
    static LimitedUpgrade of(Object upgrade) {
        return new LimitedUpgrade((WebSocketEngine.UpgradeInfo) upgrade);
    }

    @Override
    public WebSocketEngine.UpgradeStatus getStatus() {
        return tyrus.getStatus();
    }

    @Override
    public Connection createConnection(Writer writer, Connection.CloseListener listener) {
        Connection connection = tyrus.createConnection(writer, listener);
        return new LimitedConnection(connection, TyrusReader.of(connection.getReadHandler()));
    }

    private record LimitedConnection(Connection tyrus, ReadHandler reader) implements Connection {
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
        }
    }
}
