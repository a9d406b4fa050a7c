package dev.hubbub.hub;

import dev.hubbub.Close;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Protocol;
import java.util.concurrent.TimeUnit;

/**
 * Logs clients that the server closes: each with its reason, as long as there are few. When many are closed at once, as when a
 * network fails, the log gets a number instead of thousands of lines.
 */
final class DisconnectLog {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final int LINES_PER_PERIOD = 10;
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    // Guarded by this.
    private long periodStart = System.nanoTime();
    private int closed;

    /** A client is about to be closed. */
    void closing(LocalClient client, Close close) {
        // A lost connection is of no interest to an operator, and a restart closes all of them.
        if (close.code() == CloseCode.ABNORMAL || close.code() == CloseCode.RESTART) {
            return;
        }
        int suppressed = 0;
        boolean logs;
        synchronized (this) {
            long now = System.nanoTime();
            if (now - periodStart > PERIOD) {
                suppressed = Math.max(0, closed - LINES_PER_PERIOD);
                periodStart = now;
                closed = 0;
            }
            logs = ++closed <= LINES_PER_PERIOD;
            if (closed == LINES_PER_PERIOD + 1) {
                LOG.log(System.Logger.Level.INFO, "More clients are being closed; the log names only some of them");
            }
        }
        if (suppressed > 0) {
            LOG.log(System.Logger.Level.INFO, "{0} more clients were closed", suppressed);
        }
        if (logs) {
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "Closing " + ClientDescription.of(client) + ": " + printable(close));
        }
    }

    static String printable(Close close) {
        return close.code() + " " + Protocol.printable(close.reason());
    }
}
