package dev.hubbub.container.tomcat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/** What {@link TomcatReader} uses of Tomcat for one connection. */
final class TomcatReading {
    /** The members of Tomcat's classes. The methods are public. */
    private record Members(
            Field frame,
            Field input,
            Field state,
            Object suspended,
            Method suspend,
            Method resume,
            Method lock,
            Method read,
            Method unread,
            Method buffers,
            Method buffer,
            Method isBufferEmpty) {
        static Members of(Class<?> session, Class<?> socket) {
            try {
                Field frame = TomcatAccess.field(session, "wsFrame");
                Field state = TomcatAccess.field(frame.getType(), "readState");
                Method buffers = socket.getMethod("getSocketBufferHandler");
                return new Members(
                        frame,
                        TomcatAccess.field(frame.getType(), "inputBuffer"),
                        state,
                        Stream.of(state.getType().getEnumConstants())
                                .filter(constant -> constant.toString().equals("SUSPENDED"))
                                .findAny()
                                .orElseThrow(),
                        session.getMethod("suspend"),
                        session.getMethod("resume"),
                        socket.getMethod("getLock"),
                        socket.getMethod("read", boolean.class, ByteBuffer.class),
                        socket.getMethod("unRead", ByteBuffer.class),
                        buffers,
                        buffers.getReturnType().getMethod("getReadBuffer"),
                        buffers.getReturnType().getMethod("isReadBufferEmpty"));
            } catch (ReflectiveOperationException | RuntimeException unknown) {
                return null;
            }
        }
    }

    /** Not a ClassValue, as in {@link TomcatAccess}. */
    private static final Map<Class<?>, Optional<Members>> KNOWN = new ConcurrentHashMap<>(1);

    private final Members members;
    private final Object session;
    private final Object socket;
    private final Object frame;
    private final ByteBuffer input;

    private TomcatReading(Members members, Object session, Object socket) throws IllegalAccessException {
        this.members = members;
        this.session = session;
        this.socket = socket;
        frame = members.frame.get(session);
        input = (ByteBuffer) members.input.get(frame);
    }

    /** Null if this Tomcat differs from the known versions. */
    static TomcatReading of(Object session, Object socket, Class<?> socketType) throws IllegalAccessException {
        Optional<Members> members =
                KNOWN.computeIfAbsent(session.getClass(), type -> Optional.ofNullable(Members.of(type, socketType)));
        return members.isEmpty() ? null : new TomcatReading(members.get(), session, socket);
    }

    /** What Tomcat has read of frames, in an array. While Tomcat is suspended, nobody but the caller uses it. */
    ByteBuffer input() {
        return input;
    }

    /** Tomcat reads no more after the message that it is passing on. */
    void suspend() throws ReflectiveOperationException {
        members.suspend.invoke(session);
    }

    /** Whether Tomcat has stopped reading; not if the connection is being closed. */
    boolean isSuspended() throws ReflectiveOperationException {
        return members.state.get(frame) == members.suspended;
    }

    /** Tomcat goes on with {@link #input}, on one of its own threads. */
    void resume() throws ReflectiveOperationException {
        members.resume.invoke(session);
    }

    /** Held by the thread of Tomcat that works for this connection. */
    Lock lock() throws ReflectiveOperationException {
        return (Lock) members.lock.invoke(socket);
    }

    /** How many bytes can be given back: as much as {@link #input} and the buffer hold from which Tomcat fills it. */
    int room() throws ReflectiveOperationException {
        ByteBuffer buffer = (ByteBuffer) members.buffer.invoke(members.buffers.invoke(socket));
        return input.capacity() + buffer.capacity();
    }

    /** Whether nothing is left in the buffer from which Tomcat fills {@link #input}. */
    boolean isBufferEmpty() throws ReflectiveOperationException {
        return (Boolean) members.isBufferEmpty.invoke(members.buffers.invoke(socket));
    }

    /** Reads what that buffer has. */
    int read(ByteBuffer to) throws ReflectiveOperationException, IOException {
        try {
            return (Integer) members.read.invoke(socket, false, to);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Puts bytes before what that buffer has. */
    void unread(ByteBuffer bytes) throws ReflectiveOperationException {
        members.unread.invoke(socket, bytes);
    }
}
