package dev.hubbub.websocket;

import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Between Tyrus and the socket. Tyrus ends a socket as soon as it has sent a close frame, on whatever thread. Payara 6 and
 * GlassFish 7 use a request again at once when its socket has ended: a thread that is just reading the other end's answer, or
 * writing, then spoils the next client's request, and that client hears nothing. So here a socket ends on the thread that reads
 * it, when the other end has answered, and nothing is written afterwards.
 */
final class TyrusCloseHandshake extends Writer implements SessionConnection.CloseHandshake {
    private final Writer socket;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Thread keeper;

    private TyrusCloseHandshake(Writer socket) {
        this.socket = socket;
    }

    /** Null if the session is not as we know it. */
    static TyrusCloseHandshake before(Session session) {
        try {
            ProtocolHandler protocol =
                    (ProtocolHandler) field(field(session.getBasicRemote(), "webSocket"), "protocolHandler");
            TyrusCloseHandshake gate = new TyrusCloseHandshake((Writer) field(protocol, "writer"));
            protocol.setWriter(gate);
            return gate;
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return null;
        }
    }

    static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(of);
            } catch (NoSuchFieldException inherited) {
                continue;
            }
        }
        throw new NoSuchFieldException(name);
    }

    Writer socket() {
        return socket;
    }

    @Override
    public void keepOpen(Runnable task) {
        keeper = Thread.currentThread();
        try {
            task.run();
        } finally {
            keeper = null;
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void write(ByteBuffer bytes, CompletionHandler<ByteBuffer> handler) {
        synchronized (this) {
            if (!ended.isDone()) {
                socket.write(bytes, handler);
                return;
            }
        }
        handler.failed(new IOException("The connection has ended"));
    }

    @Override
    public void close() {
        if (Thread.currentThread() == keeper) {
            return;
        }
        synchronized (this) {
            ended.complete(null);
        }
        try {
            socket.close();
        } catch (IOException e) {
            SessionConnection.LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
        }
    }
}
