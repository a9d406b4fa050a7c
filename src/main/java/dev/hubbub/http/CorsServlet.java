package dev.hubbub.http;

import dev.hubbub.EventException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A servlet that pages of the allowed origins may use, also from other sites (CORS; Fetch, section 3.3). The rules for origins
 * are those for WebSockets.
 */
public abstract class CorsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String HEADERS = String.join(
            ", ",
            "Authorization",
            "Content-Type",
            "Last-Event-ID",
            Requests.SESSION,
            Requests.FORMER,
            SendServlet.NUMBER);

    /** Names of headers (RFC 9110, section 5.1), separated by commas. */
    private static final Pattern HEADER_NAMES = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z, \t]{0,4000}");

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

    /** As GET, whose implementations end before they would write a body or keep anything. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        doGet(request, response);
    }

    /** Answers the request by which a browser asks for permission before it sends that of a page (CORS preflight). */
    private static void preflight(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isAllowed(request, response)) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
            response.addHeader("Vary", "Access-Control-Request-Headers");
            // A client library may set any header, such as those of extraHeaders of Socket.IO.
            String wanted = request.getHeader("Access-Control-Request-Headers");
            response.setHeader(
                    "Access-Control-Allow-Headers",
                    wanted != null && HEADER_NAMES.matcher(wanted).matches() ? wanted : HEADERS);
            response.setHeader("Access-Control-Max-Age", "600");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /**
     * Whether the request comes from no page or from one of an allowed origin; otherwise rejects it. Without the headers that
     * are set here, the browser would not let a page of another site read the response.
     */
    private static boolean isAllowed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Cors.allows(Requests.handshakeRequest(request), response::addHeader)) {
            Responses.closeAfterResponse(request, response);
            Responses.reject(
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    new EventException(EventException.FORBIDDEN, "Connections from this origin are not allowed"));
            return false;
        }
        return true;
    }
}
