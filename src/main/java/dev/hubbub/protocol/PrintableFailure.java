package dev.hubbub.protocol;

/**
 * A failure for the log. The message of an exception often repeats what a client has sent, and a logger prints it as it is: a line
 * break in it would begin a line of the log.
 */
public final class PrintableFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Longer chains of causes are cut. */
    private static final int MAX_CAUSES = 20;

    private final String text;

    private PrintableFailure(Throwable failure, Throwable cause, int causes) {
        super(failure.getMessage() == null ? null : Protocol.printable(failure.getMessage()), cause);
        text = Protocol.printable(failure.toString());
        setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            if (causes > 0) {
                addSuppressed(of(suppressed, causes - 1));
            }
        }
    }

    /** The failure itself if all its messages are printable; otherwise one that prints the same with escapes. */
    public static Throwable of(Throwable failure) {
        return of(failure, MAX_CAUSES);
    }

    private static Throwable of(Throwable failure, int causes) {
        return isPrintable(failure, causes)
                ? failure
                : new PrintableFailure(
                        failure,
                        failure.getCause() == null || causes == 0 ? null : of(failure.getCause(), causes - 1),
                        causes);
    }

    private static boolean isPrintable(Throwable failure, int causes) {
        if (!Protocol.isPrintable(failure.toString())) {
            return false;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (causes == 0 || !isPrintable(suppressed, causes - 1)) {
                return false;
            }
        }
        return failure.getCause() == null || (causes > 0 && isPrintable(failure.getCause(), causes - 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
