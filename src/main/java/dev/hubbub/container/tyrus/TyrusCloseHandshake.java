package dev.hubbub.container.tyrus;

import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Containers;
import dev.hubbub.container.Fields;
import dev.hubbub.container.MessageReceiver;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
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
    /** The socket beneath Grizzly's queue; null if it cannot be written to directly. */
    private final SocketChannel channel;
    /** Writes that Grizzly has not completed. Guarded by this. */
    private int queued;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** The thread that closes the session; while it does, Tyrus may not end the socket. */
    private volatile Thread closing;

    /** Null until {@link #receiver(MessageReceiver)} is called, on the thread that opens the connection. */
    private MessageReceiver receiver;

    private TyrusCloseHandshake(Writer socket, SocketChannel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /** Null if this Tyrus is unknown. */
    static TyrusCloseHandshake install(Session session) {
        try {
            ProtocolHandler protocol =
                    (ProtocolHandler) Fields.get(Fields.get(session.getBasicRemote(), "webSocket"), "protocolHandler");
            Writer socket = (Writer) Fields.get(protocol, "writer");
            TyrusCloseHandshake handshake =
                    new TyrusCloseHandshake(socket, session.isSecure() ? null : Containers.channel(socket));
            protocol.setWriter(handshake);
            return handshake;
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return null;
        }
    }

    void receiver(MessageReceiver messages) {
        receiver = messages;
    }

    MessageReceiver receiver() {
        return receiver;
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

    /**
     * Writes to the socket at once if nothing waits for it. Grizzly's queue, filters and locks cost as much as half of the system
     * call; it gets what the socket does not take, and fails what cannot be written.
     */
    @Override
    public void write(ByteBuffer bytes, CompletionHandler<ByteBuffer> handler) {
        boolean open;
        synchronized (this) {
            open = !ended.isDone();
            if (open && channel == null) {
                socket.write(bytes, handler);
                return;
            }
            if (open && (queued > 0 || !writeDirectly(bytes))) {
                queued++;
                socket.write(bytes, new Queued(handler));
                return;
            }
        }
        if (open) {
            handler.completed(bytes);
        } else {
            handler.failed(new IOException("The connection has ended"));
        }
    }

    /** @return whether the socket has taken all */
    private boolean writeDirectly(ByteBuffer bytes) {
        try {
            channel.write(bytes);
            return !bytes.hasRemaining();
        } catch (IOException failed) {
            return false;
        }
    }

    private final class Queued extends CompletionHandler<ByteBuffer> {
        private final CompletionHandler<ByteBuffer> handler;

        Queued(CompletionHandler<ByteBuffer> handler) {
            this.handler = handler;
        }

        private void dequeue() {
            synchronized (TyrusCloseHandshake.this) {
                queued--;
            }
        }

        @Override
        public void completed(ByteBuffer written) {
            dequeue();
            handler.completed(written);
        }

        @Override
        public void failed(Throwable failure) {
            dequeue();
            handler.failed(failure);
        }

        @Override
        public void cancelled() {
            dequeue();
            handler.cancelled();
        }
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
