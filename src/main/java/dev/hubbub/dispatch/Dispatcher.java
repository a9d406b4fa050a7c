package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.access.RateLimiter;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Gives each event to its handler and answers the sender. A transport calls it for one client's events one after
 * another; the client's mailbox decides which thread runs the handler, and keeps the order.
 */
public final class Dispatcher implements LocalHub.Departures {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final Handlers handlers;

    public Dispatcher(Handlers handlers) {
        this.handlers = handlers;
    }

    /** Never throws what a handler throws: the connection lives on. */
    public void event(LocalClient client, Event event) {
        if (!client.isConnected()) {
            return; // what was on its way when the server let the client go
        }
        client.heard();
        if (isTooMuch(client, event)) {
            return;
        }
        if (Protocol.RESERVED.contains(event.name())) {
            answered(client, event);
            return;
        }
        HandlerMethod handler = handlers.event(event.name());
        if (handler == null) {
            refuse(
                    client,
                    event.id(),
                    new EventException(EventException.UNKNOWN_EVENT, "Nobody handles such an event"));
            return;
        }
        if (!client.mailbox().add(() -> handle(client, event, handler), !handler.isBlocking())) {
            String message = "You send faster than your events can be handled";
            refuse(client, event.id(), new EventException(EventException.OVERLOADED, message));
        }
    }

    private boolean isTooMuch(LocalClient client, Event event) {
        RateLimiter.Verdict verdict = client.allowance();
        if (verdict == RateLimiter.Verdict.TAKEN) {
            return false;
        }
        refuse(client, event.id(), new EventException(EventException.RATE_LIMITED, "You send too many events"));
        if (verdict == RateLimiter.Verdict.TOO_MANY) {
            client.close(CloseCode.POLICY, "You send too many events, and go on");
        }
        return true;
    }

    /** Null if the client may have the event handled. */
    private static EventException objection(LocalClient client, Event event, HandlerMethod handler) {
        if (!client.isAdmitted() && !event.name().equals(Protocol.AUTH)) {
            return new EventException(EventException.FORBIDDEN, "Say first who you are, by the event \"auth\"");
        }
        if (!handler.permission().permits(client)) {
            return new EventException(EventException.FORBIDDEN, "You may not do this");
        }
        return client.isOwedTooMuch()
                ? new EventException(EventException.OVERLOADED, "Too many of your events are not answered yet")
                : null;
    }

    /** How often each event was handled. */
    public Map<String, Long> handled() {
        return handlers.counts();
    }

    private void handle(LocalClient client, Event event, HandlerMethod handler) {
        EventException objection = objection(client, event, handler);
        if (objection != null) {
            refuse(client, event.id(), objection);
            return;
        }
        client.owed(1);
        boolean later = false;
        try {
            Object result = handler.call(new Call(client, event, null, null));
            if (result instanceof CompletionStage<?> stage) {
                later = true;
                stage.whenComplete((value, failure) -> {
                    finish(client, event, handler, value, failure);
                    client.owed(-1);
                });
            } else {
                acknowledge(client, event, handler, result);
            }
        } catch (Throwable failure) {
            fail(client, event, handler, failure);
        } finally {
            client.owed(later ? 0 : -1);
        }
    }

    /** Answers what could not even be read as an event. */
    public void refuse(LocalClient client, String id, EventException problem) {
        client.heard();
        client.refuse(id, problem);
        if (!client.isAdmitted()) {
            client.close(CloseCode.POLICY, problem.getMessage()); // the first event says who it is, and it does not
        }
    }

    /** Welcomes a client; one that is refused is closed. */
    public void connected(LocalClient client) {
        connected(client, refusal -> closeIfRefused(client, refusal));
    }

    /** As {@link #connected(LocalClient)}, for a handler that has let in the client whose event it handles. */
    public void admitted(LocalClient client) {
        closeIfRefused(client, welcome(client));
    }

    private static void closeIfRefused(LocalClient client, EventException refusal) {
        if (refusal != null) {
            boolean failed = refusal.code().equals(EventException.INTERNAL);
            client.close(failed ? CloseCode.INTERNAL : CloseCode.POLICY, refusal.getMessage());
        }
    }

    /** @param end told once: null, or why the client is refused */
    public void connected(LocalClient client, Consumer<EventException> end) {
        if (handlers.all(HandlerMethod.Kind.CONNECT).isEmpty()) {
            end.accept(null);
        } else {
            client.mailbox().add(() -> end.accept(welcome(client)), false);
        }
    }

    private EventException welcome(LocalClient client) {
        for (HandlerMethod handler : handlers.all(HandlerMethod.Kind.CONNECT)) {
            try {
                handler.call(new Call(client, null, null, null));
            } catch (EventException refused) {
                return refused;
            } catch (Throwable failure) {
                log(handler, client, failure);
                return new EventException(EventException.INTERNAL, "The server failed to welcome you");
            }
        }
        return null;
    }

    @Override
    public void gone(LocalClient client, Close close) {
        if (!handlers.all(HandlerMethod.Kind.DISCONNECT).isEmpty()) {
            client.mailbox().addLast(() -> farewell(client, close));
        }
    }

    private void farewell(Client client, Close close) {
        for (HandlerMethod handler : handlers.all(HandlerMethod.Kind.DISCONNECT)) {
            try {
                handler.call(new Call(client, null, close, null));
            } catch (Throwable failure) {
                log(handler, client, failure);
            }
        }
    }

    private static void answered(LocalClient client, Event event) {
        // Late answers are no fault of the client: the wait for them may just have timed out.
        if (event.name().equals(Protocol.CONNECTED) || event.id() == null) {
            String message = "\"" + event.name() + "\" answers an event of the server by its id";
            client.refuse(null, new EventException(EventException.MALFORMED, message));
            return;
        }
        client.answered(event);
    }

    private void finish(LocalClient client, Event event, HandlerMethod handler, Object value, Throwable failure) {
        if (failure == null) {
            acknowledge(client, event, handler, value);
        } else {
            boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
            fail(client, event, handler, wrapped ? failure.getCause() : failure);
        }
    }

    private void acknowledge(LocalClient client, Event event, HandlerMethod handler, Object result) {
        client.wellDone();
        if (!event.wantsAck()) {
            return;
        }
        try {
            client.send(EventEncoder.ack(event.id(), attached(result)));
        } catch (RuntimeException unwritable) {
            fail(client, event, handler, unwritable);
        }
    }

    /** Bytes are an attachment, with no data. */
    private static Object attached(Object result) {
        if (result instanceof byte[] bytes) {
            return attached(ByteBuffer.wrap(bytes));
        }
        return result instanceof ByteBuffer bytes ? new Event(Protocol.ACK, Data.NULL, null, List.of(bytes)) : result;
    }

    private void fail(LocalClient client, Event event, HandlerMethod handler, Throwable failure) {
        if (failure instanceof EventException problem) {
            refuse(client, event.id(), problem);
            return;
        }
        log(handler, client, failure);
        refuse(
                client,
                event.id(),
                new EventException(EventException.INTERNAL, "The server failed to handle the event"));
        for (HandlerMethod listener : handlers.all(HandlerMethod.Kind.ERROR)) {
            try {
                listener.call(new Call(client, event, null, failure));
            } catch (Throwable again) {
                log(listener, client, again);
            }
        }
        if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error;
        }
    }

    private static void log(HandlerMethod handler, Client client, Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, handler + " failed for " + client, failure);
    }
}
