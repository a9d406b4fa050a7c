package dev.hubbub.socketio;

import dev.hubbub.Handshake;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.http.Body;
import dev.hubbub.http.CorsServlet;
import dev.hubbub.http.Output;
import dev.hubbub.http.Requests;
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
import java.util.concurrent.atomic.AtomicReference;

/** Engine.IO by polling: {@code GET} and {@code POST /socket.io/}. */
public final class EngineServlet extends CorsServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String below = request.getPathInfo();
        String path = request.getServletPath() + (below == null ? "" : below);
        if (path.equals(EngineEndpoint.PATH)) {
            super.service(request, response);
        } else {
            file(path, request, response);
        }
    }

    /** What lies beside it, as the client's script: comes here only where the servlet has to be mapped to all of it. */
    private static void file(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletContext context = request.getServletContext();
        boolean asked = request.getMethod().equals("GET") && path.startsWith(EngineEndpoint.PATH);
        try (InputStream file = asked ? context.getResourceAsStream(path) : null) {
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
        if (isRefused(request, response)) {
            return;
        }
        String sid = Requests.query(request, "sid");
        if (sid == null || sid.isEmpty()) {
            open(request, response);
            return;
        }
        EngineSession session = session(request);
        if (session == null) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, EngineError.UNKNOWN_SID); // ended since
        } else {
            poll(request, session);
        }
    }

    private static void open(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Handshake handshake;
        try {
            handshake = Requests.admit(request, true);
        } catch (RejectedException refused) {
            Requests.refuse(response, refused);
            return;
        }
        EngineSessions engine = EngineSessions.of(Hubbub.current());
        EngineSession session = engine.open(handshake);
        if (session == null) {
            response.setHeader("Retry-After", "10");
            refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, EngineError.FORBIDDEN);
            return;
        }
        Requests.stick(request, response, session.sid());
        write(response, "text/plain;charset=UTF-8", engine.handshake(session, true));
    }

    private static void poll(HttpServletRequest request, EngineSession session) throws IOException {
        prepare(request.startAsync());
        AtomicReference<Output> self = new AtomicReference<>();
        Output output = new Output(request.getAsyncContext(), () -> session.pollEnded(self.get()));
        self.set(output);
        EngineError error = session.poll(output);
        if (error != null) {
            EngineSession.refuse(output, error);
        }
    }

    private static void prepare(AsyncContext async) {
        async.setTimeout(0); // the heartbeat answers it in time
        HttpServletResponse response = (HttpServletResponse) async.getResponse();
        Requests.neverKeep(response);
        response.setContentType("text/plain;charset=UTF-8");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        EngineError error = error(request);
        EngineSession session = error == null ? session(request) : null;
        if (error == null && session == null) {
            error = EngineError.UNKNOWN_SID; // ended since
        }
        String type = request.getContentType();
        if (error == null && type != null && type.startsWith("application/octet-stream")) {
            session.close(CloseCode.POLICY, "Bytes are sent as Base64 in protocol 4");
            error = EngineError.BAD_REQUEST;
        }
        if (error == null) {
            error = session.beginPost();
        }
        if (error != null) {
            Requests.leaveUnread(response);
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, error);
            return;
        }
        int limit = Hubbub.current().settings().maxPayload();
        Body.read(request, limit, body -> receive(session, body), session::endPost);
    }

    private static Body.Answer receive(EngineSession session, byte[] body) {
        session.receiving.lock();
        try {
            String payload = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            Payload.receive(payload, session);
            return response -> write(response, "text/html", "ok");
        } catch (BadPacketException | CharacterCodingException e) {
            session.close(CloseCode.POLICY, "A bad packet: " + e.getMessage());
            return response -> refuse(response, HttpServletResponse.SC_BAD_REQUEST, EngineError.BAD_REQUEST);
        } finally {
            session.receiving.unlock();
        }
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        other(request, response);
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) throws IOException {
        other(request, response);
    }

    private static void other(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isRefused(request, response)) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, EngineError.BAD_REQUEST);
        }
    }

    private static boolean isRefused(HttpServletRequest request, HttpServletResponse response) throws IOException {
        EngineError error = error(request);
        if (error != null) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, error);
        }
        return error != null;
    }

    private static EngineError error(HttpServletRequest request) {
        String transport = Requests.wantsWebSocket(request) ? EngineError.WEBSOCKET : EngineError.POLLING;
        return EngineError.of(request.getMethod(), transport, name -> Requests.query(request, name));
    }

    private static EngineSession session(HttpServletRequest request) {
        String sid = Requests.query(request, "sid");
        return sid == null ? null : EngineSessions.of(Hubbub.current()).session(sid);
    }

    static void refuse(HttpServletResponse response, int status, EngineError error) throws IOException {
        response.setStatus(status);
        write(response, "application/json", error.json());
    }

    private static void write(HttpServletResponse response, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Requests.neverKeep(response);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
