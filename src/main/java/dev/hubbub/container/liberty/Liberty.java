package dev.hubbub.container.liberty;

import dev.hubbub.container.Container;
import dev.hubbub.container.ServerStop;
import jakarta.servlet.ServletContext;

/** Open Liberty. Frames are sent in the portable way: no faster one is known. */
public final class Liberty implements Container {
    @Override
    public ServerStop serverStop(ServletContext context) {
        return isLiberty(context) ? new LibertyStop(context) : null;
    }

    @Override
    public boolean ignoresTrailingSlash(ServletContext context) {
        return isLiberty(context);
    }

    private static boolean isLiberty(ServletContext context) {
        return context.getClass().getName().startsWith("com.ibm.ws.");
    }
}
