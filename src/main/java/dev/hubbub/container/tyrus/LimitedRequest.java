package dev.hubbub.container.tyrus;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.lang.reflect.Field;

/**
 * A request that Tyrus upgrades in a servlet container. Its servlet filter creates the connection later, when the container has
 * sent the response, so the upgrade can be exchanged until then.
 */
final class LimitedRequest extends HttpServletRequestWrapper {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final String HANDLER = "org.glassfish.tyrus.servlet.TyrusHttpUpgradeHandler";

    private HttpUpgradeHandler handler;

    LimitedRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> type) throws IOException, ServletException {
        T created = super.upgrade(type);
        handler = created;
        return created;
    }

    /** To be called when Tyrus's filter has returned. */
    void limitUpgrade() {
        if (handler == null || !handler.getClass().getName().equals(HANDLER)) {
            return;
        }
        try {
            Field upgrade = field("upgradeInfo");
            Field connection = field("connection");
            upgrade.set(handler, LimitedUpgrade.of(upgrade.get(handler), () -> {
                // Payara and GlassFish keep the requests of ended connections for later ones, each with its handler.
                // What
                // the handler refers to would keep the classes of an undeployed application.
                clear(upgrade);
                clear(connection);
            }));
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "This version of Tyrus buffers frames before their size is checked",
                    unknown);
        }
    }

    private Field field(String name) throws NoSuchFieldException {
        Field field = handler.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private void clear(Field field) {
        try {
            field.set(handler, null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("The field is accessible", e);
        }
    }
}
