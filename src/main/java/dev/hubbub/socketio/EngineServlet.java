package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.app.Settings;
import dev.hubbub.http.Body;
import dev.hubbub.http.CorsServlet;
import dev.hubbub.http.Output;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responder;
import dev.hubbub.http.Responses;
import dev.hubbub.protocol.CloseCode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Engine.IO by polling: {@code GET} and {@code POST /socket.io/}. */
public final class EngineServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    /** The response to packets of a client. */
    static final String OK = "ok";

    /** How much longer than the next ping the answer of another node may take. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String pathInfo = request.getPathInfo();
        String path = request.getServletPath() + (pathInfo == null ? "" : pathInfo);
        if (path.equals(EngineEndpoint.PATH)) {
            super.service(request, response);
        } else {
            serveFile(path, request, response);
        }
    }

    /**
     * Serves the files below the endpoint's path. The container sends their requests here only if the servlet is mapped to all of
     * them, as on Open Liberty, or if the client's scripts are missing.
     */
    private static void serveFile(String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ServletContext context = request.getServletContext();
        boolean mayExist = request.getMethod().equals("GET") && path.startsWith(EngineEndpoint.PATH);
        try (InputStream file = mayExist ? context.getResourceAsStream(path) : null) {
            if (file == null && mayExist && ClientScripts.contains(path)) {
                response.setStatus(HttpServletResponse.SC_NOT_FOUND);
                write(response, "text/plain;charset=UTF-8", ClientScripts.HINT);
                return;
            }
            if (file == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            response.setContentType(context.getMimeType(path));
            response.setHeader("Cache-Control", "max-age=3600");
            file.transferTo(response.getOutputStream());
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String node = EngineForwarding.otherNode(request);
        if (node != null) {
            Settings settings = Hubbub.current().settings();
            Duration limit =
                    settings.heartbeat().plus(settings.heartbeatTimeout()).plus(ANSWER_LIMIT);
            EngineForwarding.poll(configure(request.startAsync()), request, node, limit);
            return;
        }
        if (rejectIfInvalid(request, response)) {
            return;
        }
        String sid = Requests.parameters(request).first("sid");
        if (sid == null || sid.isEmpty()) {
            open(request, response);
            return;
        }
        EngineSession session = session(request);
        if (session == null) {
            reject(response, HttpServletResponse.SC_BAD_REQUEST, EngineError.UNKNOWN_SID); // it has ended meanwhile
        } else {
            poll(request, session);
        }
    }

    private static void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Handshake handshake;
        try {
            handshake = Requests.admit(request, true);
        } catch (RejectedException rejected) {
            Responses.reject(response, rejected);
            return;
        }
        EngineSessions engine = EngineSessions.of(Hubbub.current());
        EngineSession session = engine.open(handshake);
        if (session == null) {
            response.setHeader("Retry-After", "10");
            reject(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, EngineError.FORBIDDEN);
            return;
        }
        Responses.setStickyCookie(request, response, session.sid());
        write(response, "text/plain;charset=UTF-8", engine.handshake(session, true));
    }

    private static void poll(HttpServletRequest request, EngineSession session) throws IOException {
        configure(request.startAsync());
        AtomicReference<Responder> self = new AtomicReference<>();
        Output output =
                new Output(request.getAsyncContext(), () -> session.transport().pollEnded(self.get()));
        self.set(output);
        EngineError error = session.transport().poll(output);
        if (error != null) {
            EngineTransport.reject(output, error);
        }
    }

    private static AsyncContext configure(AsyncContext async) {
        async.setTimeout(0); // no time-out, because the heartbeat responds in time
        HttpServletResponse response = (HttpServletResponse) async.getResponse();
        Responses.disableCaching(response);
        response.setContentType("text/plain;charset=UTF-8");
        return async;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String type = request.getContentType();
        boolean binary = type != null && type.startsWith("application/octet-stream");
        String node = EngineForwarding.otherNode(request);
        if (node != null) {
            EngineForwarding.post(request, node, binary);
            return;
        }
        EngineError error = error(request);
        EngineSession session = error == null ? session(request) : null;
        if (error == null && session == null) {
            error = EngineError.UNKNOWN_SID; // it has ended meanwhile
        }
        if (error == null) {
            error = beginPost(session, binary);
        }
        if (error != null) {
            Responses.closeAfterResponse(request, response);
            reject(response, HttpServletResponse.SC_BAD_REQUEST, error);
            return;
        }
        int limit = Hubbub.current().settings().maxPayload();
        Body.read(request, limit, body -> responding(receive(session, body)), session.transport()::endPost);
    }

    private static Body.ResponseWriter responding(EngineError error) {
        return response -> respond(response, error == null ? 200 : 400, error == null ? OK : error.json());
    }

    /** Responds to packets of a client. */
    static void respond(HttpServletResponse response, int status, String body) throws IOException {
        response.setStatus(status);
        write(response, status == HttpServletResponse.SC_OK ? "text/html" : "application/json", body);
    }

    /** @return null, or why a request with packets must be rejected; perhaps the session is closed */
    static EngineError beginPost(EngineSession session, boolean binary) {
        if (binary) {
            session.close(CloseCode.POLICY, "Binary packets must be sent as Base64 in Engine.IO protocol 4");
            return EngineError.BAD_REQUEST;
        }
        return session.transport().beginPost();
    }

    /** @return null, or why the packets are invalid; then the session is closed */
    static EngineError receive(EngineSession session, byte[] body) {
        session.receiving.lock();
        try {
            String payload = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            Payload.receive(payload, session);
            return null;
        } catch (BadPacketException | CharacterCodingException e) {
            session.close(CloseCode.POLICY, "Invalid packet: " + e.getMessage());
            return EngineError.BAD_REQUEST;
        } finally {
            session.receiving.unlock();
        }
    }

    /** The reference server knows no HEAD, either. Such a request must not wait as a poll does. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) throws IOException {
        rejectMethod(request, response);
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        rejectMethod(request, response);
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        rejectMethod(request, response);
    }

    private static void rejectMethod(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!rejectIfInvalid(request, response)) {
            reject(response, HttpServletResponse.SC_BAD_REQUEST, EngineError.BAD_REQUEST);
        }
    }

    /** @return true if the request was invalid and has been rejected */
    private static boolean rejectIfInvalid(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        EngineError error = error(request);
        if (error != null) {
            reject(response, HttpServletResponse.SC_BAD_REQUEST, error);
        }
        return error != null;
    }

    private static EngineError error(HttpServletRequest request) {
        String transport = Requests.wantsWebSocket(request) ? EngineError.WEBSOCKET : EngineError.POLLING;
        return EngineError.of(request.getMethod(), transport, Requests.parameters(request)::first);
    }

    private static EngineSession session(HttpServletRequest request) {
        String sid = Requests.parameters(request).first("sid");
        return sid == null ? null : EngineSessions.of(Hubbub.current()).session(sid);
    }

    static void reject(HttpServletResponse response, int status, EngineError error) throws IOException {
        response.setStatus(status);
        write(response, "application/json", error.json());
    }

    private static void write(HttpServletResponse response, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Responses.disableCaching(response);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
