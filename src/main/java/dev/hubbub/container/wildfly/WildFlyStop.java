package dev.hubbub.container.wildfly;

import dev.hubbub.container.ServerStop;
import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.AttributeChangeNotification;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.NotificationListener;
import javax.management.ObjectName;

/**
 * Listens to the server's running state by JMX. WildFly suspends a server before it stops it, or only suspends it until it is
 * resumed; the notification comes on the thread that does so.
 */
final class WildFlyStop implements ServerStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private static ObjectName state() throws JMException {
        return new ObjectName("jboss.root:type=state");
    }

    static boolean isAvailable() throws JMException {
        return SERVER.isRegistered(state());
    }

    @Override
    public Runnable watch(Runnable drain, Runnable reopen) throws JMException {
        ObjectName state = state();
        NotificationListener listener = (notification, nothing) -> {
            if (notification instanceof AttributeChangeNotification change
                    && change.getAttributeName().equals("RunningState")) {
                if (Set.of("suspending", "stopping").contains(change.getNewValue())) {
                    drain.run();
                } else if ("normal".equals(change.getNewValue())) {
                    reopen.run();
                }
            }
        };
        SERVER.addNotificationListener(state, listener, null, null);
        return () -> {
            try {
                SERVER.removeNotificationListener(state, listener);
            } catch (JMException e) {
                LOG.log(System.Logger.Level.WARNING, "WildFly keeps a listener of this application", e);
            }
        };
    }
}
