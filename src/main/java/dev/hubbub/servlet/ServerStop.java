package dev.hubbub.servlet;

import jakarta.servlet.ServletContext;
import javax.management.JMException;

/**
 * Jetty, GlassFish, WildFly and Open Liberty, when they are stopped themselves, close the connections before they end the
 * applications, and nobody could be told any more; but each has its way to tell whoever asks before it begins. Tomcat, TomEE and
 * Payara need nothing of this.
 */
final class ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private ServerStop() {}

    /**
     * @param drain is run before the server closes its connections, and may take a while
     * @param reopen is run if the server, which was only suspended, goes on
     * @return what ends this, and must be run before the application is gone
     */
    static Runnable watch(ServletContext context, Runnable drain, Runnable reopen) {
        try {
            String type = context.getClass().getName();
            if (type.startsWith("org.eclipse.jetty.")) {
                return JettyStop.watch(context, drain);
            }
            if (type.startsWith("com.ibm.ws.")) {
                return LibertyStop.watch(context, drain);
            }
            if (context.getServerInfo().contains("GlassFish")) {
                return GlassFishStop.watch(drain);
            }
            if (WildFlyStop.isThere()) {
                return WildFlyStop.watch(drain, reopen);
            }
        } catch (ReflectiveOperationException | JMException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Clients will not be told when this server stops", e);
        }
        return () -> {};
    }
}
