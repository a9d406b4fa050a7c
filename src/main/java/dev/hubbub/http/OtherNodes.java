package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.app.Hubbub;
import dev.hubbub.hub.Cluster;
import dev.hubbub.hub.Forwarding;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Hands requests to the nodes of their sessions, and responds as these say. Without a cluster there are no other nodes. */
public final class OtherNodes {
    /** Shorter than {@link Body} waits for a response. */
    private static final Duration POST_LIMIT = Duration.ofSeconds(15);

    private OtherNodes() {}

    /** A response. */
    public record Response(int status, byte[] body) {
        static Response of(EventException error) {
            return new Response(Responses.status(error), Responses.errorBody(error));
        }
    }

    /** Another node that may have a session; null if there is none. */
    public static String of(String session) {
        Cluster cluster = Hubbub.current().hub().cluster().orElse(null);
        return cluster == null ? null : cluster.forwarding().otherNode(session);
    }

    private static Forwarding.Exchange forward(String node, Forwarding.Request request, Duration limit) {
        Cluster cluster = Hubbub.current().hub().cluster().orElseThrow();
        return cluster.forwarding().forward(node, request, limit);
    }

    /**
     * Has the session's node respond to a request without a body, when it likes to.
     *
     * @param async without a time-out
     * @param limit how long that may take
     * @param failed what to respond if that node does not
     */
    public static void respond(
            AsyncContext async,
            String node,
            Forwarding.Request request,
            Duration limit,
            Function<Throwable, Response> failed)
            throws IOException {
        Forwarding.Exchange exchange = forward(node, request, limit);
        Output output;
        try {
            output = new Output(async, exchange::end);
        } catch (IOException | RuntimeException e) {
            exchange.end();
            throw e;
        }
        exchange.answer().whenComplete((answer, failure) -> {
            if (failure == null) {
                output.respond(answer.status(), answer.body(), answer.written());
            } else {
                Response response = failed.apply(failure);
                output.respond(response.status(), response.body(), null);
            }
        });
    }

    /**
     * Has the session's node handle a request with a body.
     *
     * @param failed what to respond if that node does not
     * @param writer writes the response
     */
    public static void post(
            HttpServletRequest request,
            String node,
            String kind,
            List<String> parameters,
            Function<Throwable, Response> failed,
            Function<Response, Body.ResponseWriter> writer)
            throws IOException {
        BiFunction<Forwarding.Answer, Throwable, Body.ResponseWriter> responding = (answer, failure) ->
                writer.apply(failure == null ? new Response(answer.status(), answer.body()) : failed.apply(failure));
        Body.read(request, Hubbub.current().settings().maxPayload(), new Body.LaterHandler() {
            @Override
            public CompletionStage<Body.ResponseWriter> handle(byte[] body) {
                Forwarding.Request handed = new Forwarding.Request(kind, parameters, body, false);
                return forward(node, handed, POST_LIMIT).answer().handle(responding);
            }

            @Override
            public Body.ResponseWriter reject(int status, EventException error) {
                return response -> Responses.reject(response, status, error);
            }
        });
    }

    /** What to respond if the node of an event stream's or a polling client's session does not. */
    static Response failed(Throwable failure) {
        if (failure instanceof EventException error) {
            return error.code().equals(EventException.DISCONNECTED)
                    ? new Response(404, Responses.errorBody(Responses.unknownSession()))
                    : Response.of(error);
        }
        return Response.of(new EventException(EventException.UNAVAILABLE, "The session's server has not answered"));
    }
}
