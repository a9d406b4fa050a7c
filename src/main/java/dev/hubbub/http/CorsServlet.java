package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.app.Admission;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A servlet that pages of the allowed origins may use, also from other sites (CORS; Fetch, section 3.3). The rules for origins
 * are those for WebSockets.
 */
public abstract class CorsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getMethod().equals("OPTIONS")) {
            preflight(request, response);
            return;
        }
        if (isAllowed(request, response)) {
            super.service(request, response);
        }
    }

    /** Answers the request by which a browser asks for permission before it sends that of a page (CORS preflight). */
    private static void preflight(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isAllowed(request, response)) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
            response.setHeader(
                    "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, " + Requests.SESSION);
            response.setHeader("Access-Control-Max-Age", "600");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /**
     * Whether the request comes from no page or from one of an allowed origin; otherwise rejects it. Without the headers that
     * are set here, the browser would not let a page of another site read the response.
     */
    private static boolean isAllowed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String origin = request.getHeader("Origin");
        Admission admission = Hubbub.current().admission();
        HandshakeRequest handshakeRequest = Requests.handshakeRequest(request);
        response.addHeader("Vary", "Origin");
        if (!admission.allowsOrigin(handshakeRequest)) {
            Responses.closeAfterResponse(response);
            Responses.reject(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    new EventException(EventException.FORBIDDEN, "Connections from this origin are not allowed"));
            return false;
        }
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            if (admission.allowsCredentials(handshakeRequest)) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
        }
        return true;
    }
}
