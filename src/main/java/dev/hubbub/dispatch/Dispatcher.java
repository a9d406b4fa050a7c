package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.EventException;
import dev.hubbub.access.RateLimiter;
import dev.hubbub.hub.ClientDescription;
import dev.hubbub.hub.DisconnectListener;
import dev.hubbub.hub.Durations;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.Tap;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventEncoder;
import dev.hubbub.protocol.PrintableFailure;
import dev.hubbub.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Passes each event to its handler and answers the sender. A transport passes the events of one client one after another; the
 * client's mailbox decides which thread runs the handler, and keeps the order.
 */
public final class Dispatcher implements DisconnectListener {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** The result of a handler that returns null. */
    private static final Data NULL = Data.parse("null");

    private final Handlers handlers;
    private final Predicate<String> blockingRooms;

    /**
     * @param blockingRooms whether the policy of a room may block. Events for such a room do not run on threads that read the
     *     sockets of many clients, even if their handlers do not block. Null if no policy may block
     */
    public Dispatcher(Handlers handlers, Predicate<String> blockingRooms) {
        this.handlers = handlers;
        this.blockingRooms = blockingRooms;
    }

    /** Handles an event. Never throws what a handler throws, so that the connection stays open. */
    public void event(LocalClient client, Event event) {
        receive(client, event, Protocol.RESERVED.contains(event.name()));
    }

    /** As {@link #event}, for a transport with packets of their own for acknowledgements: {@code ack} is a name like any other. */
    public void namedEvent(LocalClient client, Event event) {
        receive(client, event, false);
    }

    private void receive(LocalClient client, Event event, boolean answer) {
        if (!client.isConnected()) {
            return; // the event was in transit when the server closed the client
        }
        client.heard();
        Tap shown = client.tap();
        if (shown != null) {
            shown.show(event);
        }
        if (isRateLimited(client, event.id())) {
            return;
        }
        if (answer) {
            receiveAck(client, event);
            return;
        }
        HandlerMethod handler = handlers.event(event.name());
        if (handler == null) {
            reject(
                    client,
                    event.id(),
                    new EventException(EventException.UNKNOWN_EVENT, "There is no handler for this event"));
            return;
        }
        boolean blocking = handler.isBlocking() || (blockingRooms != null && isForBlockingRoom(event));
        if (!client.mailbox().add(() -> handle(client, event, handler), !blocking)) {
            String message = "You send events faster than they can be handled";
            reject(client, event.id(), new EventException(EventException.OVERLOADED, message));
        }
    }

    private boolean isForBlockingRoom(Event event) {
        try {
            return blockingRooms.test(Parameter.roomName(event));
        } catch (EventException invalid) {
            return false; // the handler rejects it
        }
    }

    private boolean isRateLimited(LocalClient client, String id) {
        RateLimiter.Decision decision = client.chargeEvent();
        if (decision == RateLimiter.Decision.ALLOWED) {
            return false;
        }
        reject(client, id, new EventException(EventException.RATE_LIMITED, "You send too many events"));
        if (decision == RateLimiter.Decision.CLOSE) {
            client.close(CloseCode.POLICY, "You continue to send too many events");
        }
        return true;
    }

    /** Why the event must be rejected; null if the client may send it. */
    private static EventException rejection(LocalClient client, Event event, HandlerMethod handler) {
        if (!client.isAdmitted() && !event.name().equals(Protocol.AUTH)) {
            return new EventException(EventException.FORBIDDEN, "Send the event \"auth\" to authenticate first");
        }
        if (!handler.permission().permits(client)) {
            return new EventException(EventException.FORBIDDEN, "You may not send this event");
        }
        return client.pendingResults().areTooMany()
                ? new EventException(
                        EventException.OVERLOADED, "Too many of your events have not been acknowledged yet")
                : null;
    }

    /** Checks the data of events by constraints. Must be called before the first client connects. */
    public void validate(DataValidator validator) {
        handlers.validate(validator);
    }

    /** How often each event was handled. */
    public Map<String, Long> handled() {
        return handlers.counts();
    }

    /** How long the handlers of each event took; empty if they are not measured. */
    public Map<String, Durations> durations() {
        return handlers.durations();
    }

    private void handle(LocalClient client, Event event, HandlerMethod handler) {
        EventException rejection = rejection(client, event, handler);
        if (rejection != null) {
            reject(client, event.id(), rejection);
            return;
        }
        client.pendingResults().add(1);
        boolean pending = false;
        try {
            Object result = handler.call(Call.of(client, event));
            if (result instanceof CompletionStage<?> stage) {
                pending = true;
                stage.whenComplete((value, failure) -> {
                    finish(client, event, handler, value, failure);
                    client.pendingResults().add(-1);
                });
            } else {
                acknowledge(client, event, handler, result);
            }
        } catch (Throwable failure) {
            fail(client, event, handler, failure);
        } finally {
            client.pendingResults().add(pending ? 0 : -1);
        }
    }

    /**
     * Answers a frame or a packet that is not an event with an error. It counts for the rate limit as an event does.
     *
     * @param id the event's id; null if it has none or could not be decoded
     */
    public void invalid(LocalClient client, String id, EventException error) {
        if (client.isConnected() && !isRateLimited(client, id)) {
            reject(client, id, error);
        }
    }

    /** Answers an event with an error. A client that has not authenticated is closed. */
    private void reject(LocalClient client, String id, EventException error) {
        client.heard();
        client.reject(id, error);
        if (!client.isAdmitted()) {
            client.close(CloseCode.POLICY, error.getMessage()); // its first event had to authenticate it
        }
    }

    /** Runs the {@code @OnConnect} methods; a client that they reject is closed. */
    public void connected(LocalClient client) {
        connected(client, rejection -> closeIfRejected(client, rejection));
    }

    /** As {@link #connected(LocalClient)}, but on this thread: called by a handler that has admitted the client of its event. */
    public void admitted(LocalClient client) {
        closeIfRejected(client, callOnConnect(client));
    }

    private static void closeIfRejected(LocalClient client, EventException rejection) {
        if (rejection != null) {
            int code = switch (rejection.code()) {
                case EventException.INTERNAL -> CloseCode.INTERNAL;
                case EventException.OVERLOADED, EventException.RATE_LIMITED -> CloseCode.TRY_AGAIN_LATER;
                default -> CloseCode.POLICY;
            };
            client.close(code, rejection.getMessage());
        }
    }

    /**
     * Runs the {@code @OnConnect} methods.
     *
     * @param completion called once, with null or why the client is rejected
     */
    public void connected(LocalClient client, Consumer<EventException> completion) {
        if (client.excess() != null || handlers.all(HandlerMethod.Kind.CONNECT).isEmpty()) {
            completion.accept(client.excess());
        } else if (!client.mailbox().add(() -> completion.accept(callOnConnect(client)), false)) {
            completion.accept(new EventException(EventException.OVERLOADED, "The server has too much to do"));
        }
    }

    private EventException callOnConnect(LocalClient client) {
        if (client.excess() != null) {
            return client.excess();
        }
        for (HandlerMethod handler : handlers.all(HandlerMethod.Kind.CONNECT)) {
            try {
                handler.call(Call.of(client));
            } catch (EventException rejection) {
                return rejection;
            } catch (Throwable failure) {
                log(handler, client, failure);
                return new EventException(EventException.INTERNAL, "The server failed to accept the connection");
            }
        }
        return null;
    }

    /** Runs the {@code @OnDisconnect} methods, on the application executor and after the client's remaining events. */
    @Override
    public void disconnected(LocalClient client, Close close) {
        if (!handlers.all(HandlerMethod.Kind.DISCONNECT).isEmpty()) {
            client.mailbox().addLast(() -> callOnDisconnect(client, close));
        }
    }

    private void callOnDisconnect(Client client, Close close) {
        for (HandlerMethod handler : handlers.all(HandlerMethod.Kind.DISCONNECT)) {
            try {
                handler.call(Call.of(client, close));
            } catch (Throwable failure) {
                log(handler, client, failure);
            }
        }
    }

    /** Runs the {@code @OnStart} methods. */
    public void started() {
        callAll(HandlerMethod.Kind.START);
    }

    /** Runs the {@code @OnStop} methods. */
    public void stopped() {
        callAll(HandlerMethod.Kind.STOP);
    }

    private void callAll(HandlerMethod.Kind kind) {
        for (HandlerMethod handler : handlers.all(kind)) {
            try {
                handler.call(Call.plain());
            } catch (Throwable failure) {
                LOG.log(System.Logger.Level.ERROR, handler + " failed", failure);
            }
        }
    }

    private void receiveAck(LocalClient client, Event event) {
        if (event.name().equals(Protocol.CONNECTED)) {
            String message = "Only the server sends \"" + Protocol.CONNECTED + "\"";
            reject(client, event.id(), new EventException(EventException.MALFORMED, message));
            return;
        }
        if (event.id() == null) {
            String message = "\"" + event.name() + "\" must have the id of an event that the server has sent";
            reject(client, null, new EventException(EventException.MALFORMED, message));
            return;
        }
        client.answered(event); // a late acknowledgement is ignored: the client may not know that it is late
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
        client.errors().reset();
        if (!event.wantsAck()) {
            return;
        }
        try {
            boolean isNull = result == null && handler.hasResult(); // as opposed to none
            client.send(EventEncoder.ack(event.id(), isNull ? NULL : asAttachment(result)));
        } catch (RuntimeException unwritable) {
            fail(client, event, handler, unwritable);
        }
    }

    /** A result of bytes becomes an attachment without data. */
    private static Object asAttachment(Object result) {
        if (result instanceof byte[] bytes) {
            return asAttachment(ByteBuffer.wrap(bytes));
        }
        return result instanceof ByteBuffer bytes ? new Event(Protocol.ACK, Data.NULL, null, List.of(bytes)) : result;
    }

    private void fail(LocalClient client, Event event, HandlerMethod handler, Throwable failure) {
        if (failure instanceof EventException error) {
            reject(client, event.id(), error);
            return;
        }
        log(handler, client, failure);
        reject(
                client,
                event.id(),
                new EventException(EventException.INTERNAL, "The server failed to handle the event"));
        for (HandlerMethod listener : handlers.all(HandlerMethod.Kind.ERROR)) {
            try {
                listener.call(Call.of(client, event, failure));
            } catch (Throwable second) {
                log(listener, client, second);
            }
        }
        if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error;
        }
    }

    private static void log(HandlerMethod handler, Client client, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                handler + " failed for " + ClientDescription.of(client),
                PrintableFailure.of(failure));
    }
}
