package dev.hubbub.http;

import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.Forwarding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/** Handles the requests of this node's sessions that have reached other nodes: of event streams and of polling clients. */
final class ForwardedRequests {
    /** Session, number of the last event that was received, milliseconds to wait. */
    private static final String POLL = "poll";

    /** Session, number of the event, and whether it is binary; the event. */
    static final String SEND = "send";

    /** Session. */
    private static final String END = "end";

    private final Hubbub hubbub;

    private ForwardedRequests(Hubbub hubbub) {
        this.hubbub = hubbub;
        hubbub.hub().cluster().ifPresent(cluster -> {
            cluster.forwarding().serve(POLL, (request, reply) -> find(request, reply, this::poll));
            cluster.forwarding().serve(SEND, (request, reply) -> find(request, reply, this::send));
            cluster.forwarding().serve(END, (request, reply) -> find(request, reply, this::end));
        });
    }

    /** Must be called before the first session is opened. */
    static void serve(Hubbub hubbub) {
        hubbub.transportState(ForwardedRequests.class, ForwardedRequests::new);
    }

    static Forwarding.Request poll(String session, long after, long wait) {
        return new Forwarding.Request(
                POLL, List.of(session, String.valueOf(after), String.valueOf(wait)), new byte[0], true);
    }

    static Forwarding.Request end(String session) {
        return new Forwarding.Request(END, List.of(session), new byte[0], true);
    }

    private record Found(HttpConnection connection, Forwarding.Request request) {
        String parameter(int index) {
            return request.parameters().get(index);
        }

        long number(int index) {
            return Long.parseLong(parameter(index));
        }
    }

    private void find(Forwarding.Request request, Forwarding.Reply reply, BiConsumer<Found, Forwarding.Reply> found) {
        HttpConnection connection =
                HttpConnection.find(hubbub.hub(), request.parameters().get(0));
        if (connection == null) {
            rejectUnknown(reply);
        } else {
            found.accept(new Found(connection, request), reply);
        }
    }

    private static void rejectUnknown(Forwarding.Reply reply) {
        reply.answer(404, Responses.errorBody(Responses.unknownSession()), null);
    }

    private void poll(Found found, Forwarding.Reply reply) {
        if (found.connection() instanceof PollConnection connection) {
            Poll poll = new Poll(reply, connection);
            connection.poll(poll, found.number(1));
            poll.timeOutAfter(Duration.ofMillis(found.number(2)), hubbub.hub().services());
        } else {
            rejectUnknown(reply);
        }
    }

    /** Its handler may block, and run on this thread. */
    private void send(Found found, Forwarding.Reply reply) {
        try {
            hubbub.hub().services().application().execute(() -> {
                SendServlet.Rejection rejection = SendServlet.receive(
                        hubbub.dispatcher(),
                        found.connection(),
                        found.number(1),
                        found.request().body(),
                        Boolean.parseBoolean(found.parameter(2)));
                if (rejection == null) {
                    reply.answer(204, new byte[0], null);
                } else {
                    reply.answer(rejection.status(), Responses.errorBody(rejection.error()), null);
                }
            });
        } catch (RejectedExecutionException stopped) {
            rejectUnknown(reply);
        }
    }

    private void end(Found found, Forwarding.Reply reply) {
        hubbub.hub().services().closers().execute(() -> {
            PollServlet.end(hubbub.hub(), found.connection());
            reply.answer(204, new byte[0], null);
        });
    }
}
