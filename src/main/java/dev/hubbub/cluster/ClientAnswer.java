package dev.hubbub.cluster;

import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.protocol.Protocol;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * What came of a request.
 *
 * @param value null, a Boolean, or the client's acknowledgement
 * @param failure null if it was carried out
 */
record ClientAnswer(Object value, Exception failure) {
    static final char KIND = 'a';

    private static final int DONE = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int ACK = 3;
    private static final int FAILED = 4;
    private static final int TIMED_OUT = 5;

    static ClientAnswer of(Object value, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause == null || cause instanceof EventException || cause instanceof TimeoutException) {
            return new ClientAnswer(value, (Exception) cause);
        }
        return new ClientAnswer(null, new EventException(EventException.INTERNAL, String.valueOf(cause.getMessage())));
    }

    byte[] message(long request) {
        ClientMessage.Writer to = new ClientMessage.Writer(KIND).number(request);
        if (failure instanceof EventException problem) {
            to.number(FAILED).text(problem.code()).text(problem.getMessage());
        } else if (failure != null) {
            to.number(TIMED_OUT).text(failure.getMessage());
        } else if (value instanceof Event ack) {
            to.number(ACK).data(ack.data()).attachments(ack.attachments());
        } else {
            to.number(value == null ? DONE : Boolean.TRUE.equals(value) ? TRUE : FALSE);
        }
        return to.message();
    }

    /** @throws IllegalArgumentException if this is no answer of ours */
    static ClientAnswer read(ClientMessage.Reader from) {
        int kind = from.count();
        return switch (kind) {
            case DONE -> new ClientAnswer(null, null);
            case FALSE -> new ClientAnswer(false, null);
            case TRUE -> new ClientAnswer(true, null);
            case ACK -> new ClientAnswer(new Event(Protocol.ACK, from.data(), null, from.attachments()), null);
            case FAILED -> new ClientAnswer(null, new EventException(from.text(), from.text()));
            case TIMED_OUT -> new ClientAnswer(null, new TimeoutException(from.text()));
            default -> throw new IllegalArgumentException("answer " + kind);
        };
    }

    @SuppressWarnings("unchecked")
    <T> void complete(CompletableFuture<T> stage) {
        if (failure == null) {
            stage.complete((T) value);
        } else {
            stage.completeExceptionally(failure);
        }
    }
}
