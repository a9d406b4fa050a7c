package dev.hubbub.websocket;

import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.app.RejectedException;
import dev.hubbub.http.Responses;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers requests at the path of the endpoint that are not upgraded, with the reason. */
public final class UpgradeServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The request attribute with the {@link RejectedException} of a request that was rejected before it came here. */
    public static final String REJECTION = "dev.hubbub.rejection";

    private static final String HINT = """
            This is the WebSocket endpoint of Hubbub, but this request does not ask for an upgrade to WebSocket.

            If your client is a WebSocket client, a proxy between it and this server has probably removed the headers Upgrade and
            Connection. For nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection
            "upgrade";
            """;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(REJECTION) instanceof RejectedException rejected) {
            Responses.closeAfterResponse(request, response);
            Responses.reject(response, rejected);
            return;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        response.setStatus(OpeningHandshake.UPGRADE_REQUIRED);
        Responses.setUpgrade(request, response);
        Responses.disableCaching(response);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write(HINT);
    }
}
