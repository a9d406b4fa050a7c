package com.example.gifchat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives each session a colour, by which the others know its user. */
@WebFilter(urlPatterns = {"/index.html", "/room.html", "/"}, asyncSupported = true)
public class SessionColour extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Pattern COOKIE = Pattern.compile("(?:^|;\\s*)colour=([0-9a-f]{6})(?:;|$)");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String cookies = request.getHeader("Cookie");
        if (cookies == null || !COOKIE.matcher(cookies).find()) {
            Cookie cookie = new Cookie("colour", String.format("%06x", ThreadLocalRandom.current().nextInt(0x1000000)));
            cookie.setHttpOnly(true);
            cookie.setPath(request.getContextPath() + "/");
            response.addCookie(cookie);
        }
        chain.doFilter(request, response);
    }

    /** The colour in the header Cookie of a request. */
    static String of(String cookies) {
        Matcher cookie = COOKIE.matcher(cookies);
        return cookie.find() ? "#" + cookie.group(1) : "#888888";
    }
}
