package dev.hubbub.container.wildfly;

import dev.hubbub.container.Container;
import dev.hubbub.container.ServerStop;
import jakarta.servlet.ServletContext;
import javax.management.JMException;

/** WildFly. Frames are sent in the portable way: no faster one is known. */
public final class WildFly implements Container {
    /** WildFly is known by its MBean. */
    @Override
    public ServerStop serverStop(ServletContext context) throws JMException {
        return WildFlyStop.isAvailable() ? new WildFlyStop() : null;
    }

    /** Undertow does: see {@code ServletInputStreamImpl.setReadListener}. */
    @Override
    public boolean readsOnIoThread(Object stream) {
        return stream.getClass().getName().startsWith("io.undertow.");
    }
}
