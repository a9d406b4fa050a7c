package com.example.gifchat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Gives each session a colour, by which the others know its user. */
@WebFilter(urlPatterns = {"/index.html", "/room.html", "/"}, asyncSupported = true)
public class SessionColour extends HttpFilter {
    private static final long serialVersionUID = 1L;
    static final String COOKIE = "colour";
    private static final String FORM = "[0-9a-f]{6}";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Cookie[] cookies = request.getCookies();
        if (cookies == null || Stream.of(cookies).noneMatch(cookie -> cookie.getName().equals(COOKIE))) {
            Cookie cookie = new Cookie(COOKIE, String.format("%06x", ThreadLocalRandom.current().nextInt(0x1000000)));
            cookie.setHttpOnly(true);
            cookie.setPath(request.getContextPath() + "/");
            response.addCookie(cookie);
        }
        chain.doFilter(request, response);
    }

    /** The colour of a cookie, for style sheets. */
    static String of(Optional<String> cookie) {
        return cookie.filter(value -> value.matches(FORM)).map(value -> "#" + value).orElse("#888888");
    }
}
