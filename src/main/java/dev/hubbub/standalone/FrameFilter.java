package dev.hubbub.standalone;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.memory.ByteBufferArray;
import org.glassfish.tyrus.container.grizzly.client.TaskProcessor;
import org.glassfish.tyrus.spi.ReadHandler;

/**
 * Passes what a WebSocket receives to Tyrus at once. Otherwise it goes through the HTTP codec and the other filters, which leave it
 * as it is. It is read by Tyrus's tasks for the connection, as there, so that a close does not overtake it.
 */
final class FrameFilter extends BaseFilter {
    private static final Attribute<WebSocket> WEB_SOCKET = attribute("dev.hubbub.websocket");

    /** Tyrus's own attributes: there is one attribute of a name. */
    private static final Attribute<org.glassfish.tyrus.spi.Connection> TYRUS =
            attribute("org.glassfish.tyrus.container.grizzly.server.GrizzlyServerFilter.Connection");

    private static final Attribute<TaskProcessor> TASKS = attribute(TaskProcessor.class.getName() + ".TaskProcessor");

    /** The HTTP codec's: the request that was upgraded, 7 KB with its empty headers. */
    private static final Attribute<Object> REQUEST = attribute(HttpServerFilter.HTTP_SERVER_REQUEST_ATTR_NAME);

    private static <T> Attribute<T> attribute(String name) {
        return Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(name);
    }

    private record WebSocket(TaskProcessor tasks, ReadHandler handler) {
        void read(Buffer received) {
            tasks.processTask(new TaskProcessor.Task() {
                @Override
                public void execute() {
                    handle(received);
                }
            });
        }

        private void handle(Buffer received) {
            if (received.isComposite()) {
                ByteBufferArray parts = received.toByteBufferArray();
                for (int i = 0; i < parts.size(); i++) {
                    handler.handle(parts.getArray()[i]);
                }
                parts.recycle();
            } else {
                handler.handle(received.toByteBuffer());
            }
            received.tryDispose();
        }
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        WebSocket webSocket = webSocket(context.getConnection());
        if (webSocket == null) {
            return context.getInvokeAction();
        }
        webSocket.read(context.getMessage());
        return context.getStopAction();
    }

    /** Null if the connection was not upgraded. */
    private static WebSocket webSocket(Connection<?> connection) {
        WebSocket known = WEB_SOCKET.get(connection);
        if (known != null) {
            return known;
        }
        org.glassfish.tyrus.spi.Connection tyrus = TYRUS.get(connection);
        TaskProcessor tasks = TASKS.get(connection);
        if (tyrus == null || tasks == null) {
            return null;
        }
        WebSocket webSocket = new WebSocket(tasks, tyrus.getReadHandler());
        WEB_SOCKET.set(connection, webSocket);
        REQUEST.remove(connection);
        return webSocket;
    }
}
