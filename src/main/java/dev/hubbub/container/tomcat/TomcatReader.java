package dev.hubbub.container.tomcat;

import dev.hubbub.container.MessageReceiver;
import dev.hubbub.container.SocketReader;
import dev.hubbub.hub.ReadLoop;
import dev.hubbub.hub.ReadLoops;
import dev.hubbub.protocol.PrintableFailure;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;

/**
 * Reads the short text messages of one connection in place of Tomcat, which hands each to another thread and changes twice what its
 * poller waits for. It begins after a text message that Tomcat has read: Tomcat is suspended, as its own API allows, and a thread of
 * Hubbub reads the same socket. Everything else (long, fragmented and binary messages, pings, the closing handshake, violations of
 * RFC 6455, the end of the connection) is given back to Tomcat unread, which goes on from there until after a later text message.
 */
final class TomcatReader implements SocketReader, ReadLoop.Reader {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** To take over costs about as much as this many messages the other way. */
    private static final int WORTHWHILE = 16;

    /** If it was not worthwhile, Tomcat reads this many messages first. */
    private static final int PAUSE = 128;

    private static final byte[] NOTHING = {};

    private enum State {
        /** Tomcat reads. */
        TOMCAT,
        /** Tomcat has been suspended, and its thread is about to return. */
        SUSPENDING,
        HUBBUB
    }

    private final TomcatReading tomcat;
    private final Session session;
    private final SocketChannel channel;
    private final ReadLoop loop;
    private final TextFrames frames;
    /** No more is read at once, because all of it may have to be given back. */
    private final int room;

    private volatile State state = State.TOMCAT;
    /** Nothing more is taken over: the session is closed, perhaps still without the client's close frame, or the loop has ended. */
    private volatile boolean finished;

    // Used by the thread that reads; a change of state passes them on.
    private SelectionKey key;
    private byte[] incomplete = NOTHING;
    private int pause;

    private TomcatReader(TomcatReading tomcat, Session session, SocketChannel channel, ReadLoop loop, TextFrames frames)
            throws ReflectiveOperationException {
        this.tomcat = tomcat;
        this.session = session;
        this.channel = channel;
        this.loop = loop;
        this.frames = frames;
        room = tomcat.room();
    }

    /** Null with TLS or NIO2, or if this Tomcat is unknown. */
    static SocketReader open(Session session, MessageReceiver receiver, ReadLoops loops) {
        TomcatAccess access = TomcatAccess.of(session.getClass());
        try {
            Object socket =
                    access == null ? null : access.socket().get(access.remote().get(session));
            SocketChannel channel = socket == null ? null : access.channelOf(socket);
            TomcatReading tomcat = channel == null
                    ? null
                    : TomcatReading.of(session, socket, access.socket().getType());
            ReadLoop loop = tomcat == null ? null : loops.next();
            return loop == null
                    ? null
                    : new TomcatReader(
                            tomcat,
                            session,
                            channel,
                            loop,
                            new TextFrames(receiver, tomcat.input().capacity()));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public void received() {
        if (state != State.TOMCAT || pause-- > 0 || finished || !session.isOpen()) {
            return;
        }
        state = State.SUSPENDING;
        try {
            tomcat.suspend();
        } catch (ReflectiveOperationException | RuntimeException e) {
            state = State.TOMCAT;
            finished = true;
            return;
        }
        loop.begin(this);
    }

    @Override
    public void closed() {
        finished = true;
        if (state != State.TOMCAT) {
            loop.closed();
        }
    }

    @Override
    public boolean begin(Selector selector, ByteBuffer buffer) {
        if (state != State.SUSPENDING) {
            return true;
        }
        try {
            Lock lock = tomcat.lock();
            if (!lock.tryLock()) {
                return false; // Tomcat's thread has not returned yet
            }
            lock.unlock();
            if (!tomcat.isSuspended()) {
                state = State.TOMCAT; // the connection is being closed
                finished = true;
            } else if (takeWhatTomcatHas(buffer)) {
                listen(selector);
            }
        } catch (CancelledKeyException | ClosedChannelException closed) {
            giveBack();
        } catch (ReflectiveOperationException | RuntimeException e) {
            fail(e);
        }
        return true;
    }

    /** @return false if Tomcat has resumed */
    private boolean takeWhatTomcatHas(ByteBuffer buffer) throws ReflectiveOperationException {
        frames.begin();
        ByteBuffer input = tomcat.input();
        int start = input.arrayOffset();
        int end = start + input.limit();
        boolean all = frames.take(input.array(), start + input.position(), end);
        if (!all) {
            input.position(frames.taken() - start);
            resume();
            return false;
        }
        incomplete = Arrays.copyOfRange(input.array(), frames.taken(), end);
        input.position(0).limit(0);
        while (!tomcat.isBufferEmpty()) {
            buffer.clear();
            int count;
            try {
                count = tomcat.read(buffer);
            } catch (IOException lost) {
                giveBack();
                return false;
            }
            if (!take(buffer, count)) {
                return false;
            }
        }
        return true;
    }

    private void listen(Selector selector) throws ClosedChannelException {
        if (key == null) {
            key = channel.register(selector, SelectionKey.OP_READ, this);
        } else {
            key.interestOps(SelectionKey.OP_READ);
        }
        state = State.HUBBUB;
    }

    @Override
    public void read(ByteBuffer buffer) {
        try {
            buffer.clear().limit(Math.min(buffer.capacity(), room - incomplete.length));
            int count = channel.read(buffer);
            if (count < 0) {
                giveBack(); // Tomcat reads the end as well, and closes the session
            } else {
                take(buffer, count);
            }
        } catch (IOException lost) {
            giveBack();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    @Override
    public void end() {
        finished = true;
        if (state == State.HUBBUB) {
            giveBack();
        } else if (state == State.SUSPENDING) {
            try {
                resume(); // what Tomcat has read is still there
            } catch (ReflectiveOperationException | RuntimeException e) {
                fail(e);
            }
        }
    }

    /** Takes what has been read. @return false if Tomcat has resumed */
    private boolean take(ByteBuffer buffer, int count) {
        byte[] bytes = buffer.array();
        int end = count;
        if (incomplete.length > 0) {
            bytes = Arrays.copyOf(incomplete, incomplete.length + count);
            System.arraycopy(buffer.array(), 0, bytes, incomplete.length, count);
            end = bytes.length;
            incomplete = NOTHING;
        }
        boolean all = frames.take(bytes, 0, end);
        if (frames.taken() < end) {
            incomplete = Arrays.copyOfRange(bytes, frames.taken(), end);
        }
        if (!all) {
            giveBack();
        }
        return all;
    }

    /** Has Tomcat read from now on, beginning with what is incomplete. */
    private void giveBack() {
        try {
            if (key != null && key.isValid()) {
                key.interestOps(0);
            }
            byte[] bytes = incomplete;
            incomplete = NOTHING;
            ByteBuffer input = tomcat.input();
            int first = Math.min(bytes.length, input.capacity());
            input.clear().put(bytes, 0, first).flip();
            if (first < bytes.length) {
                tomcat.unread(ByteBuffer.wrap(bytes, first, bytes.length - first));
            }
            resume();
        } catch (ReflectiveOperationException | RuntimeException e) {
            fail(e);
        }
    }

    private void resume() throws ReflectiveOperationException {
        pause = frames.count() < WORTHWHILE ? PAUSE : 0;
        state = State.TOMCAT;
        tomcat.resume();
    }

    private void fail(Throwable failure) {
        finished = true;
        LOG.log(System.Logger.Level.WARNING, "A connection cannot be read", PrintableFailure.of(failure));
        if (key != null) {
            key.cancel();
        }
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "The server failed to read"));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A connection could not be closed", PrintableFailure.of(e));
        }
    }
}
