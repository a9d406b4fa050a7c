package dev.hubbub.container;

import dev.hubbub.hub.ReadLoops;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.management.JMException;

/**
 * One server, or one part of a server, that Hubbub knows by more than the Jakarta EE specifications. Each method checks, mostly
 * by a class name, whether its argument comes from this server; if not, it does what the default method does. Several
 * containers may apply at once: Payara is GlassFish and Tyrus.
 *
 * <p>{@link Containers} loads each implementation by name and calls its public constructor without parameters. This must
 * succeed on every other server too. A method may throw a {@link LinkageError} where the server hides its classes from
 * applications; {@link Containers} then takes the default.
 */
public interface Container {
    /**
     * Opens a writer that is faster than the one of Jakarta WebSocket.
     *
     * @param session a session without extensions, or with permessage-deflate only
     * @param handshake the closing handshake of this session, or null
     * @param compressFrom payload size in bytes from which frames are compressed; {@link Integer#MAX_VALUE} for a session
     *     without permessage-deflate
     * @return null if the session is of another server, or of a version whose internals are unknown
     */
    default SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return null;
    }

    /**
     * Opens a reader that is faster than the server's own.
     *
     * @param session a session without extensions
     * @param receiver receives the messages that it reads
     * @return null if the session is of another server, or of a version whose internals are unknown
     */
    default SocketReader reader(Session session, MessageReceiver receiver, ReadLoops loops) {
        return null;
    }

    /**
     * Takes control of the closing handshake, on a server that would not wait for the client's close frame.
     *
     * @return null if the server needs no help
     */
    default CloseHandshake closeHandshake(Session session) {
        return null;
    }

    /**
     * Has a message refused by its announced size, on a server that would otherwise keep more bytes of it than a message may
     * have, and text messages received without the server's own dispatch. Elsewhere the endpoint counts the bytes of the parts
     * that it receives.
     *
     * @param handshake from {@link #closeHandshake}
     */
    default void receiveMessages(CloseHandshake handshake, MessageReceiver receiver) {}

    /**
     * Negotiates permessage-deflate, on a server that has no implementation of its own.
     *
     * @param offers what the client offers; not empty
     * @param maxPayload limit of a message, in bytes after decompression
     * @return null if the server negotiates by itself; an empty list if no offer is acceptable
     */
    default List<Extension> negotiateDeflate(List<Extension> offers, int maxPayload) {
        return null;
    }

    /**
     * Finds out how this server announces that it stops.
     *
     * @return null if the application runs on another server
     */
    default ServerStop serverStop(ServletContext context) throws JMException {
        return null;
    }

    /**
     * Prepares a request that is about to be upgraded to a WebSocket.
     *
     * @return the request to pass on to the server
     */
    default HttpServletRequest beforeUpgrade(HttpServletRequest request) {
        return request;
    }

    /**
     * Called when the server has returned from the upgrade.
     *
     * @param request from {@link #beforeUpgrade}
     */
    default void afterUpgrade(HttpServletRequest request) {}

    /**
     * Prepares an upgrade on a server without servlets for {@link #receiveMessages}.
     *
     * @param upgrade the server's own object
     * @return null if it is not of this server
     */
    default Object limitUpgrade(Object upgrade) {
        return null;
    }

    /**
     * The socket of a connection without TLS, for a writer that hands this server only what the socket does not take.
     *
     * @param writer the server's own writer, to which nobody else writes
     * @return null if it is not of this server, or if bytes wait in its queue already
     */
    default SocketChannel channel(Object writer) {
        return null;
    }

    /** Whether this server never matches a servlet or filter mapping that is an exact path with a slash at its end. */
    default boolean ignoresTrailingSlash(ServletContext context) {
        return false;
    }

    /**
     * Whether this server never makes the first call to a {@code ReadListener} or {@code WriteListener}, which Jakarta Servlet
     * 6.0, section 3.7, promises, so that the listener must begin by itself.
     *
     * @param stream the servlet input or output stream that the listener was registered with
     */
    default boolean omitsFirstCall(Object stream) {
        return false;
    }

    /**
     * Whether this server calls a {@code ReadListener} on a thread that serves many connections, which the listener must not
     * block.
     *
     * @param stream the servlet input stream that the listener was registered with
     */
    default boolean readsOnIoThread(Object stream) {
        return false;
    }
}
