package dev.hubbub.websocket;

import dev.hubbub.protocol.Frame;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Field;

/**
 * Jetty 12. It joins the frames of a batch, but ends a batch only by a call that blocks, {@code flushBatch()} or {@code
 * setBatchingAllowed(false)}. A frame that is not of a batch takes along those before it; so the last of those that wait is
 * sent as such a one, by the field that says so. Where there is no such field, {@link #of} gives nothing and the portable way
 * is taken.
 */
final class JettyConnection extends SessionConnection {
    private final RemoteEndpoint.Async remote;
    private final Field batch;

    private volatile boolean writing;

    private JettyConnection(Session session, RemoteEndpoint.Async remote, Field batch) {
        super(session);
        this.remote = remote;
        this.batch = batch;
    }

    static SessionConnection of(Session session) {
        RemoteEndpoint.Async remote = session.getAsyncRemote();
        for (Class<?> type = remote.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field batch = type.getDeclaredField("batch");
                batch.setAccessible(true);
                return batch.getType() == boolean.class ? new JettyConnection(session, remote, batch) : null;
            } catch (NoSuchFieldException inherited) {
                continue;
            } catch (RuntimeException closed) {
                return null;
            }
        }
        return null;
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        boolean joined = more && frame.kind() != Frame.Kind.PING; // which waits until it was sent
        try {
            batch.setBoolean(remote, joined);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        if (joined) {
            super.send(frame, true, failure -> {}); // what fails here fails with the last again
            sent.sent(null);
        } else {
            writing = true;
            super.send(frame, more, failure -> {
                writing = false;
                sent.sent(failure);
            });
        }
    }

    /** For a reader that has stopped, the close frame waits behind what it does not read; then the socket is ended at once. */
    @Override
    void end(int code, String reason) {
        if (!writing || !abort()) {
            super.end(code, reason);
        }
    }

    private boolean abort() {
        try {
            session.getClass().getMethod("abort").invoke(session);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Ending a connection", e);
            return false;
        }
    }
}
