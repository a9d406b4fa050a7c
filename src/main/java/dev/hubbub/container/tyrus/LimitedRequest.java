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
            Field upgrade = handler.getClass().getDeclaredField("upgradeInfo");
            upgrade.setAccessible(true);
            upgrade.set(handler, LimitedUpgrade.of(upgrade.get(handler)));
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "This version of Tyrus buffers frames before their size is checked",
                    unknown);
        }
    }
}
