package dev.hubbub.socketio;

import dev.hubbub.EventException;
import dev.hubbub.http.OtherNodes;
import dev.hubbub.http.RemoteResponse;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responder;
import dev.hubbub.hub.Forwarding;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests of polling sessions that reach another node than that of their session. The id of a session ends in the name of its
 * node. A WebSocket is not forwarded: a client that cannot upgrade because its probe has reached another node goes on polling.
 */
final class EngineForwarding {
    /** Session. */
    private static final String POLL = "engine-poll";

    /** Session, and whether the body is binary; the packets. */
    private static final String POST = "engine-post";

    private static final String NOOP = "6";

    private final EngineSessions engine;

    private EngineForwarding(EngineSessions engine) {
        this.engine = engine;
    }

    static void serve(EngineSessions engine, Forwarding forwarding) {
        EngineForwarding requests = new EngineForwarding(engine);
        forwarding.serve(POLL, requests::poll);
        forwarding.serve(POST, requests::post);
    }

    /** The node of the session of a polling request; null if it cannot be another one than this. */
    static String otherNode(HttpServletRequest request) {
        var parameters = Requests.parameters(request);
        return EngineError.POLLING.equals(parameters.first("transport")) && !Requests.wantsWebSocket(request)
                ? OtherNodes.of(parameters.first("sid"))
                : null;
    }

    private static String sid(HttpServletRequest request) {
        return Requests.parameters(request).first("sid");
    }

    /** Has the session's node answer a poll. */
    static void poll(AsyncContext async, HttpServletRequest request, String node, Duration limit) throws IOException {
        Forwarding.Request handed = new Forwarding.Request(POLL, List.of(sid(request)), new byte[0], false);
        OtherNodes.respond(async, node, handed, limit, EngineForwarding::failed);
    }

    /** Has the session's node receive packets. */
    static void post(HttpServletRequest request, String node, boolean binary) throws IOException {
        OtherNodes.post(
                request,
                node,
                POST,
                List.of(sid(request), String.valueOf(binary)),
                EngineForwarding::failed,
                answer -> response -> EngineServlet.respond(response, answer.status(), text(answer.body())));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static OtherNodes.Response failed(Throwable failure) {
        if (failure instanceof CancellationException) {
            return response(HttpServletResponse.SC_OK, NOOP); // this node stops; the client polls again by another one
        }
        boolean gone = failure instanceof EventException error && error.code().equals(EventException.DISCONNECTED);
        return gone
                ? response(HttpServletResponse.SC_BAD_REQUEST, EngineError.UNKNOWN_SID.json())
                : response(HttpServletResponse.SC_SERVICE_UNAVAILABLE, EngineError.FORBIDDEN.json());
    }

    private static OtherNodes.Response response(int status, String body) {
        return new OtherNodes.Response(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(Forwarding.Reply reply, EngineError error) {
        String body = error == null ? EngineServlet.OK : error.json();
        reply.answer(error == null ? 200 : 400, body.getBytes(StandardCharsets.UTF_8), null);
    }

    private void poll(Forwarding.Request request, Forwarding.Reply reply) {
        EngineSession session = engine.session(request.parameters().get(0));
        if (session == null) {
            answer(reply, EngineError.UNKNOWN_SID);
            return;
        }
        EngineTransport transport = session.transport();
        AtomicReference<Responder> self = new AtomicReference<>();
        Responder response = new RemoteResponse(reply, () -> transport.pollEnded(self.get()));
        self.set(response);
        EngineError error = transport.poll(response);
        if (error != null) {
            EngineTransport.reject(response, error);
        }
    }

    private void post(Forwarding.Request request, Forwarding.Reply reply) {
        try {
            engine.hubbub().hub().services().application().execute(() -> answer(reply, receive(request)));
        } catch (RejectedExecutionException stopped) {
            answer(reply, EngineError.UNKNOWN_SID);
        }
    }

    /** @return null if the packets have been received */
    private EngineError receive(Forwarding.Request request) {
        EngineSession session = engine.session(request.parameters().get(0));
        EngineError error = session == null
                ? EngineError.UNKNOWN_SID
                : EngineServlet.beginPost(
                        session, Boolean.parseBoolean(request.parameters().get(1)));
        if (error != null) {
            return error;
        }
        try {
            return EngineServlet.receive(session, request.body());
        } finally {
            session.transport().endPost();
        }
    }
}
