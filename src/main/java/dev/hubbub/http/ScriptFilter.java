package dev.hubbub.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/** Lets pages of the allowed origins load the scripts of Hubbub as modules, for which a browser needs CORS. */
public final class ScriptFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Set<String> SCRIPTS = Set.of("/hubbub.js", "/hubbub.d.ts");
    private static final String SOCKET_IO = "/socket.io/";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isScript(request.getRequestURI().substring(request.getContextPath().length()))) {
            Cors.allows(Requests.handshakeRequest(request), response::addHeader);
        }
        chain.doFilter(request, response);
    }

    private static boolean isScript(String path) {
        return SCRIPTS.contains(path) || (path.startsWith(SOCKET_IO) && path.length() > SOCKET_IO.length());
    }
}
