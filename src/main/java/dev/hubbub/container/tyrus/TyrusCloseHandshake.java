package dev.hubbub.container.tyrus;

import dev.hubbub.container.CloseHandshake;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Stands between Tyrus and the socket. Tyrus ends a socket as soon as it has sent a close frame, on whatever thread that was.
 * Payara 6 and GlassFish 7 reuse a request object as soon as its socket has ended. A thread that is still reading the client's
 * answer, or writing, then corrupts the request of the next client, which never gets an answer. Therefore this class ends a socket
 * on the thread that reads it, after the client has answered, and writes nothing afterwards.
 */
final class TyrusCloseHandshake extends Writer implements CloseHandshake {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final Writer socket;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** The thread that closes the session; while it does, Tyrus may not end the socket. */
    private volatile Thread closing;

    /** Null until {@link #limit(MessageLimit)} is called, on the thread that opens the connection. */
    private MessageLimit limit;

    private TyrusCloseHandshake(Writer socket) {
        this.socket = socket;
    }

    /** Null if this Tyrus is unknown. */
    static TyrusCloseHandshake install(Session session) {
        try {
            ProtocolHandler protocol =
                    (ProtocolHandler) field(field(session.getBasicRemote(), "webSocket"), "protocolHandler");
            TyrusCloseHandshake handshake = new TyrusCloseHandshake((Writer) field(protocol, "writer"));
            protocol.setWriter(handshake);
            return handshake;
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

    void limit(MessageLimit messages) {
        limit = messages;
    }

    MessageLimit limit() {
        return limit;
    }

    /** Tyrus's own writer. */
    Writer socket() {
        return socket;
    }

    @Override
    public void keepOpenDuring(Runnable task) {
        closing = Thread.currentThread();
        try {
            task.run();
        } finally {
            closing = null;
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
        if (Thread.currentThread() == closing) {
            return;
        }
        synchronized (this) {
            ended.complete(null);
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
        }
    }
}
