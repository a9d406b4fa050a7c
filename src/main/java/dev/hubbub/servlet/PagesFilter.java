package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.http.Pages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;

/** Hides Hubbub's own pages if {@code hubbub.pages} is false: an application has its own at these paths, or none. */
public final class PagesFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** What a container would serve at {@code /} without Hubbub's index.html. */
    private static final List<String> WELCOME_FILES = List.of("/index.htm", "/index.jsp", "/index.xhtml");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        path = path.isEmpty() ? "/" : path;
        if (Hubbub.current().settings().pages() || !Pages.contains(path) || isOfServlet(request)) {
            chain.doFilter(request, response);
            return;
        }
        ServletContext context = request.getServletContext();
        String file = Pages.file(path);
        URL found = context.getResource(file);
        if (found == null || !Pages.isOwn(file, found)) {
            chain.doFilter(request, response);
            return;
        }
        URL replacement = Pages.ofApplication(context.getClassLoader(), file);
        if (replacement != null) {
            response.setContentType(context.getMimeType(file));
            try (InputStream in = replacement.openStream()) {
                in.transferTo(response.getOutputStream());
            }
            return;
        }
        if (request.getRequestURI().endsWith("/")) {
            for (String welcome : WELCOME_FILES) {
                if (context.getResource(welcome) != null) {
                    request.getRequestDispatcher(welcome).forward(request, response);
                    return;
                }
            }
        }
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }

    private static boolean isOfServlet(HttpServletRequest request) {
        MappingMatch match = request.getHttpServletMapping().getMappingMatch();
        // Tomcat resolves welcome files before filters, to an extension if JSP maps it.
        return match == MappingMatch.PATH || match == MappingMatch.EXACT || match == MappingMatch.EXTENSION;
    }
}
