package dev.hubbub.container.grizzly;

import dev.hubbub.container.Container;

/** Grizzly's own servlets, which only the standalone server has. */
public final class Grizzly implements Container {
    /** Observed with Grizzly 4.0.2. */
    @Override
    public boolean omitsFirstCall(Object stream) {
        return stream.getClass().getName().startsWith("org.glassfish.grizzly.servlet.");
    }
}
