package dev.hubbub.container;

import jakarta.websocket.Session;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Chooses how to write to a session, by what the session really is. */
public final class SocketWriters {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final Set<Class<?>> LOGGED = ConcurrentHashMap.newKeySet();

    private SocketWriters() {}

    /**
     * Opens the fastest writer that the session allows.
     *
     * @param handshake from {@link Containers#closeHandshake}, or null
     * @param fast false for the portable writer on every server
     * @param compressFrom payload size in bytes from which frames are compressed, if permessage-deflate was negotiated
     */
    public static SocketWriter open(Session session, CloseHandshake handshake, boolean fast, int compressFrom) {
        SocketWriter known = fast ? known(session, handshake, compressFrom) : null;
        SocketWriter writer = known == null ? new PortableWriter(session) : known;
        if (LOGGED.add(session.getClass())) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Frames for sessions of {0} are sent by {1}",
                    session.getClass().getName(),
                    writer.getClass().getSimpleName());
        }
        return writer;
    }

    /** Null if no faster writer is known, or if frames that bypass the session's extensions would be wrong. */
    private static SocketWriter known(Session session, CloseHandshake handshake, int compressFrom) {
        if (session.getNegotiatedExtensions().isEmpty()) {
            return Containers.writer(session, handshake, Integer.MAX_VALUE);
        }
        return PerMessageDeflate.acceptsSharedFrames(session)
                ? Containers.writer(session, handshake, compressFrom)
                : null;
    }
}
