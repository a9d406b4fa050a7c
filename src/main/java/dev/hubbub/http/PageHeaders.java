package dev.hubbub.http;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Adds security headers to every response, as the settings {@code hubbub.page-headers} and {@code hubbub.hsts} say. The pages
 * themselves restrict what they load.
 */
public final class PageHeaders extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> ALL = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "strict-origin-when-cross-origin",
            "Content-Security-Policy", "frame-ancestors 'self'");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        set(Hubbub.current(), () -> Requests.handshakeRequest(request), response::setHeader);
        chain.doFilter(request, response);
    }

    /**
     * Sets the headers of a response.
     *
     * @param request called only if it is needed
     * @param setHeader called with the name and the value of each header
     */
    public static void set(Hubbub hubbub, Supplier<HandshakeRequest> request, BiConsumer<String, String> setHeader) {
        if (hubbub.settings().pageHeaders()) {
            ALL.forEach(setHeader);
        }
        String hsts = hubbub.settings().hsts();
        if (!hsts.isEmpty()
                && hubbub.admission().isSecure(request.get())) { // never without TLS (RFC 6797, section 7.2)
            setHeader.accept("Strict-Transport-Security", hsts);
        }
    }
}
