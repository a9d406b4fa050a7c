package dev.hubbub.servlet;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.AttributeChangeNotification;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.NotificationListener;
import javax.management.ObjectName;

/** WildFly's management suspends a server before it stops, or without; that comes by JMX, on the thread that stops it. */
final class WildFlyStop {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private WildFlyStop() {}

    private static ObjectName state() throws JMException {
        return new ObjectName("jboss.root:type=state");
    }

    static boolean isThere() throws JMException {
        return SERVER.isRegistered(state());
    }

    static Runnable watch(Runnable drain, Runnable reopen) throws JMException {
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
