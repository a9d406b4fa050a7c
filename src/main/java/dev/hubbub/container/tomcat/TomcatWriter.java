package dev.hubbub.container.tomcat;

import dev.hubbub.container.SocketWriter;
import dev.hubbub.container.WireWriter;
import dev.hubbub.hub.Connection.Sent;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes joined frames to the socket beneath Tomcat's remote endpoint. It holds the semaphore that Tomcat itself acquires to
 * write, so that Tomcat's pongs and close frames stay whole.
 *
 * <p>The methods of Jakarta WebSocket are slower or block: {@code flushBatch()} waits for the reader, up to 20 seconds, and an
 * asynchronous send is always completed by a task on another thread. Here a write that the socket accepts at once, as it nearly
 * always does, completes on the calling thread.
 */
final class TomcatWriter extends WireWriter {
    /** Tomcat writes a pong under the semaphore. That takes longer only if the client has stopped reading. */
    private static final long SEMAPHORE_TIMEOUT_MILLIS = 50;

    /** In characters or bytes; most events fit. */
    private static final int PART_SIZE = 2048;

    private final TomcatAccess access;
    private final Object remote;
    private final Object socket;
    private final Semaphore semaphore;
    /** Null with TLS or NIO2. */
    private final SocketChannel channel;

    private TomcatWriter(TomcatAccess access, Object remote, Object socket, int compressFrom)
            throws ReflectiveOperationException {
        super(compressFrom);
        this.access = access;
        this.remote = remote;
        this.socket = socket;
        semaphore = (Semaphore) access.semaphore().get(remote);
        channel = access.channelOf(socket);
    }

    /** Null if this Tomcat is unknown; the portable writer is used then. */
    static SocketWriter open(Session session, int compressFrom) {
        TomcatAccess access = TomcatAccess.of(session.getClass());
        if (access == null) {
            return null;
        }
        try {
            Object remote = access.remote().get(session);
            Object socket = access.socket().get(remote);
            if (!Boolean.TRUE.equals(access.hasAsyncIo().invoke(socket))) {
                return null; // the connector has useAsyncIO="false"
            }
            // In Tomcat this is the size of the parts that it delivers, and of the buffer that each connection keeps.
            session.setMaxTextMessageBufferSize(PART_SIZE);
            session.setMaxBinaryMessageBufferSize(PART_SIZE);
            return new TomcatWriter(access, remote, socket, compressFrom);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @Override
    protected void write(ByteBuffer frames, Sent sent) {
        try {
            if (!semaphore.tryAcquire() && !semaphore.tryAcquire(SEMAPHORE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                sent.sent(new IOException("The socket accepts no data"));
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sent.sent(e);
            return;
        }
        Completion completion = new Completion(sent);
        Object state;
        try {
            if (channel != null) {
                channel.write(frames); // nearly always writes everything
            }
            if (!frames.hasRemaining()) {
                completion.end(null);
                return;
            }
            state = (Object)
                    access.write().invokeExact(socket, (CompletionHandler) completion, new ByteBuffer[] {frames});
        } catch (Throwable e) {
            completion.end(e);
            return;
        }
        if (state == access.inline()) {
            completion.end(null);
        }
    }

    private final class Completion implements CompletionHandler<Long, Object> {
        private final Sent sent;

        Completion(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void completed(Long bytes, Object nothing) {
            end(null);
        }

        @Override
        public void failed(Throwable failure, Object nothing) {
            end(SocketWriter.failure(failure));
        }

        void end(Throwable failure) {
            try {
                access.endMessage().invokeExact(remote, (SendHandler) null, (SendResult) null);
            } catch (Throwable e) {
                sent.sent(failure == null ? e : failure);
                return;
            }
            sent.sent(failure);
        }
    }
}
