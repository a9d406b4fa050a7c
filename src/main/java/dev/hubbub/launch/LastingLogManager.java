package dev.hubbub.launch;

import java.util.logging.LogManager;

/**
 * Keeps the handlers of the log open until the server has stopped. The log manager of the JDK closes them in a shutdown hook, which
 * runs beside the one that stops the server, so that the last lines would be missing.
 */
public final class LastingLogManager extends LogManager implements AutoCloseable {
    /** The name of the JDK's hook, which is a class of its own. */
    private static final String HOOK = "java.util.logging.LogManager$Cleaner";

    /** Called by the virtual machine, since the system property {@code java.util.logging.manager} names this class. */
    public LastingLogManager() {}

    @Override
    public void reset() {
        if (!Thread.currentThread().getClass().getName().equals(HOOK)) {
            super.reset();
        }
    }

    /** Closes the handlers; the server has stopped. */
    @Override
    public void close() {
        super.reset();
    }
}
