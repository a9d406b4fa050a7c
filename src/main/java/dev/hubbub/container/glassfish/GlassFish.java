package dev.hubbub.container.glassfish;

import dev.hubbub.container.Container;
import dev.hubbub.container.ServerStop;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;

/** GlassFish, and the parts of Payara that are the same. */
public final class GlassFish implements Container {
    /** Null on Payara, whose {@code getServerInfo()} does not say GlassFish, and which needs none. */
    @Override
    public ServerStop serverStop(ServletContext context) {
        return context.getServerInfo().contains("GlassFish") ? new GlassFishStop() : null;
    }

    @Override
    public HttpServletRequest beforeUpgrade(HttpServletRequest request) {
        RecycledRequest.clearReturned(request);
        return request;
    }
}
