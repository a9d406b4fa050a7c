package dev.hubbub.container;

import dev.hubbub.hub.ReadLoops;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.management.JMException;

/** Asks each known {@link Container} in turn. They are found once, when this class is initialized. */
public final class Containers {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /**
     * Names, so that this package does not depend on its sub-packages. Not a {@link java.util.ServiceLoader}: it would also find
     * the containers of another Hubbub in a parent class loader, which implement another {@link Container}.
     */
    static final List<String> NAMES = List.of(
            "dev.hubbub.container.tomcat.Tomcat",
            "dev.hubbub.container.tyrus.Tyrus",
            "dev.hubbub.container.jetty.Jetty",
            "dev.hubbub.container.liberty.Liberty",
            "dev.hubbub.container.glassfish.GlassFish",
            "dev.hubbub.container.wildfly.WildFly",
            "dev.hubbub.container.grizzly.Grizzly");

    private static final List<Container> ALL =
            NAMES.stream().map(Containers::load).filter(Objects::nonNull).toList();

    private Containers() {}

    private static Container load(String name) {
        try {
            return (Container) Class.forName(name).getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "Hubbub works without its support for one server: " + name, e);
            return null;
        }
    }

    /** The first answer that is not null, or null. */
    private static <T> T ask(Function<Container, T> question) {
        for (Container container : ALL) {
            try {
                T answer = question.apply(container);
                if (answer != null) {
                    return answer;
                }
            } catch (LinkageError hidden) {
                continue; // a server whose class loaders hide its classes from applications
            }
        }
        return null;
    }

    static SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return ask(container -> container.writer(session, handshake, compressFrom));
    }

    /** See {@link Container#reader}; null if the server reads, and always if the session has extensions. */
    public static SocketReader reader(Session session, MessageReceiver receiver, ReadLoops loops) {
        return session.getNegotiatedExtensions().isEmpty()
                ? ask(container -> container.reader(session, receiver, loops))
                : null;
    }

    /** Null if the server completes the closing handshake by itself, as most do. To be called once, when a session opens. */
    public static CloseHandshake closeHandshake(Session session) {
        return ask(container -> container.closeHandshake(session));
    }

    static List<Extension> negotiateDeflate(List<Extension> offers, int maxPayload) {
        return ask(container -> container.negotiateDeflate(offers, maxPayload));
    }

    /**
     * Watches for the stop of the whole server. If the server gives no way to do so, clients are not told when it stops; a
     * warning in the log says so where the server is a known one.
     *
     * @param drain runs before the server closes its connections, on the thread that stops it; may take a while
     * @param reopen runs if the server was only suspended and resumes
     * @return stops watching; must run before the application is unloaded
     */
    public static Runnable watchStop(ServletContext context, Runnable drain, Runnable reopen) {
        try {
            for (Container container : ALL) {
                ServerStop stop = container.serverStop(context);
                if (stop != null) {
                    return stop.watch(drain, reopen);
                }
            }
        } catch (ReflectiveOperationException | JMException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "Clients will not be told when this server stops", e);
        }
        return () -> {};
    }

    /** To be called for each WebSocket handshake, before the server upgrades the request. Returns the request to pass on. */
    public static HttpServletRequest beforeUpgrade(HttpServletRequest request) {
        HttpServletRequest prepared = request;
        for (Container container : ALL) {
            prepared = container.beforeUpgrade(prepared);
        }
        return prepared;
    }

    /** To be called when the server has returned from the upgrade. @param request from {@link #beforeUpgrade} */
    public static void afterUpgrade(HttpServletRequest request) {
        ALL.forEach(container -> container.afterUpgrade(request));
    }

    /** See {@link Container#limitUpgrade}. */
    @SuppressWarnings("unchecked") // a container returns an object of the same type
    public static <T> T limitUpgrade(T upgrade) {
        Object limited = ask(container -> container.limitUpgrade(upgrade));
        return limited == null ? upgrade : (T) limited;
    }

    /** See {@link Container#receiveMessages}. @param handshake null if the server needs no help */
    public static void receiveMessages(CloseHandshake handshake, MessageReceiver receiver) {
        if (handshake != null) {
            ALL.forEach(container -> container.receiveMessages(handshake, receiver));
        }
    }

    /** See {@link Container#channel}; null if there is none. */
    public static SocketChannel channel(Object writer) {
        return ask(container -> container.channel(writer));
    }

    /** See {@link Container#ignoresTrailingSlash}. */
    public static boolean ignoresTrailingSlash(ServletContext context) {
        return ALL.stream().anyMatch(container -> container.ignoresTrailingSlash(context));
    }

    /** See {@link Container#omitsFirstCall}. */
    public static boolean omitsFirstCall(Object stream) {
        return ALL.stream().anyMatch(container -> container.omitsFirstCall(stream));
    }

    /** See {@link Container#readsOnIoThread}. */
    public static boolean readsOnIoThread(Object stream) {
        return ALL.stream().anyMatch(container -> container.readsOnIoThread(stream));
    }
}
