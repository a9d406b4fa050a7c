package dev.hubbub.standalone;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpProbe;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Closes connections that wait too long for a request: without a byte, or with a part of its head. While a request is handled, the
 * transport has its own time-outs: WebSockets, event streams and polls last, and a body must arrive in time. So this costs nothing
 * while a WebSocket reads and writes.
 *
 * <p>Grizzly (4.0.2) has one time-out for all of these, which it sets back at each read and write.
 */
final class HttpTimeouts extends BaseFilter {
    private static final Attribute<Requests> REQUESTS =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("dev.hubbub.requests", Requests::new);

    private final Map<Connection<?>, Deadline> waiting = new ConcurrentHashMap<>();
    private final Duration request;
    private final Duration keepAlive;

    /**
     * @param nanos of {@link System#nanoTime}
     * @param unwritten bytes of the previous response that the client had not taken
     */
    private record Deadline(long nanos, int unwritten) {}

    /**
     * The requests of one connection that have not been answered: a client may receive the last byte of a response, and send its
     * next request, a moment before Grizzly reports the end of the response on another thread. Guarded by itself.
     */
    private static final class Requests {
        private int open;
    }

    /**
     * @param request limits the time from the start of a connection to the end of the first request's head
     * @param keepAlive limits the time from a response to the end of the next request's head
     */
    HttpTimeouts(Duration request, Duration keepAlive) {
        this.request = request;
        this.keepAlive = keepAlive;
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        await(context.getConnection(), request, 0);
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        waiting.remove(context.getConnection());
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleEvent(FilterChainContext context, FilterChainEvent event) {
        if (event.type() == HttpEvents.ResponseCompleteEvent.TYPE) {
            Connection<?> connection = context.getConnection();
            Requests requests = REQUESTS.get(connection);
            synchronized (requests) {
                if (--requests.open <= 0) {
                    requests.open = 0;
                    await(connection, keepAlive, 0);
                }
            }
        }
        return context.getInvokeAction();
    }

    /** Is told when the head of a request is complete. */
    HttpProbe probe() {
        return new HttpProbe.Adapter() {
            @Override
            @SuppressWarnings("rawtypes") // as in the interface
            public void onHeaderParseEvent(Connection connection, HttpHeader header, int size) {
                Requests requests = REQUESTS.get(connection);
                synchronized (requests) {
                    requests.open++;
                    waiting.remove(connection);
                }
            }
        };
    }

    private void await(Connection<?> connection, Duration time, int unwritten) {
        waiting.put(connection, new Deadline(System.nanoTime() + time.toNanos(), unwritten));
        if (!connection.isOpen()) {
            waiting.remove(connection);
        }
    }

    /** Closes the connections whose time is over. To be called several times a second. */
    void closeExpired() {
        long now = System.nanoTime();
        waiting.forEach((connection, deadline) -> {
            if (deadline.nanos - now <= 0) {
                int unwritten =
                        ((NIOConnection) connection).getAsyncWriteQueue().spaceInBytes();
                if (unwritten > 0 && unwritten != deadline.unwritten) { // still sends the previous response
                    await(connection, keepAlive, unwritten);
                } else if (waiting.remove(connection, deadline)) {
                    connection.terminateSilently();
                }
            }
        });
    }
}
