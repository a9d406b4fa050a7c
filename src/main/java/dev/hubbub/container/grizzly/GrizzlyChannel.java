package dev.hubbub.container.grizzly;

import dev.hubbub.container.Fields;
import java.nio.channels.SocketChannel;
import org.glassfish.grizzly.nio.NIOConnection;

/** The socket of a Grizzly connection. */
final class GrizzlyChannel {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private GrizzlyChannel() {}

    /**
     * @param writer a {@code GrizzlyWriter}
     * @return null if the connection is not found in it, or if bytes wait in its queue, such as those of an earlier response
     */
    static SocketChannel of(Object writer) {
        try {
            return Fields.get(writer, "connection") instanceof NIOConnection connection
                            && connection.getChannel() instanceof SocketChannel channel
                            && connection.getAsyncWriteQueue().isEmpty()
                    ? channel
                    : null;
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "Looking for the socket beneath Grizzly", unknown);
            return null;
        }
    }
}
