package dev.hubbub.container.grizzly;

import dev.hubbub.container.Container;
import java.nio.channels.SocketChannel;

/** Grizzly's own servlets and sockets, which only the standalone server has. */
public final class Grizzly implements Container {
    private static final String WRITER = "org.glassfish.tyrus.container.grizzly.client.GrizzlyWriter";

    @Override
    public SocketChannel channel(Object writer) {
        return writer.getClass().getName().equals(WRITER) ? GrizzlyChannel.of(writer) : null;
    }

    /** Observed with Grizzly 4.0.2. */
    @Override
    public boolean omitsFirstCall(Object stream) {
        return stream.getClass().getName().startsWith("org.glassfish.grizzly.servlet.");
    }
}
