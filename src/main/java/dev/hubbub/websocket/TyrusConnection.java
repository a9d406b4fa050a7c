package dev.hubbub.websocket;

import dev.hubbub.protocol.Frame;
import jakarta.websocket.Session;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Tyrus, as in the standalone run: whole frames, built once for all receivers, are handed to Tyrus's writer, and those
 * that wait in one buffer. Tyrus's own API frames each message anew and tells nobody when joined bytes were written; its
 * SPI does both. Where the SPI cannot be reached, {@link #of} gives nothing and the portable way is taken.
 */
final class TyrusConnection extends SessionConnection {
    private final Writer writer;

    /** Frames held back; null while there are none, for an idle client should cost nothing. */
    private ByteArrayOutputStream held;

    private TyrusConnection(Session session, Writer writer) {
        super(session);
        this.writer = writer;
    }

    /** Null if the session is not Tyrus's, or not as we know it, or has extensions that would frame differently. */
    static SessionConnection of(Session session) {
        if (!session.getClass().getName().equals("org.glassfish.tyrus.core.TyrusSession")
                || !session.getNegotiatedExtensions().isEmpty()) {
            return null;
        }
        try {
            Object socket = field(session.getBasicRemote(), "webSocket");
            return new TyrusConnection(session, (Writer) field(field(socket, "protocolHandler"), "writer"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError hidden) {
            return null; // a server whose class loaders show applications no Tyrus
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
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

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        byte[] wire = frame.wire();
        if (more || held != null) {
            held = held == null ? new ByteArrayOutputStream(4 * wire.length) : held;
            held.write(wire, 0, wire.length);
            if (more) {
                sent.sent(null);
                return;
            }
            wire = held.toByteArray();
            held = null;
        }
        writer.write(ByteBuffer.wrap(wire), new Completion(sent));
    }

    private static final class Completion extends CompletionHandler<ByteBuffer> {
        private final Sent sent;

        Completion(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void completed(ByteBuffer written) {
            sent.sent(null);
        }

        @Override
        public void failed(Throwable failure) {
            sent.sent(failure(failure));
        }

        @Override
        public void cancelled() {
            sent.sent(failure(null));
        }
    }
}
