package dev.hubbub.servlet;

import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import dev.hubbub.app.Settings;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responses;
import dev.hubbub.management.Operator;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who may operate Hubbub by HTTP: users with the role of {@code hubbub.admin}, whom the container or a token authenticates, and who
 * has the key {@code hubbub.admin-key}.
 */
final class AdminAccess {
    private static final String BEARER = "bearer ";
    private static final int MAX_LOGIN = 2_048;

    /** In the HTTP session, the user who has logged in. Not every container remembers that: Jetty does not with BASIC. */
    private static final String USER = "dev.hubbub.operator";

    private AdminAccess() {}

    /**
     * Whether a request that changes something cannot have been made by a page of another site: such a page cannot send JSON
     * without asking first (Fetch, section 3.3.5), and its origin is not allowed.
     */
    static boolean isFromOwnPage(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null
                && type.startsWith("application/json")
                && Hubbub.current().admission().allowsOrigin(Requests.handshakeRequest(request));
    }

    /** The operator who has sent a request; null if it was answered, with 404, 401, 403 or 429. May block. */
    static Operator operator(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        Settings.Admin admin = hubbub.settings().admin();
        if (!admin.on()) {
            AdminServlet.reject(request, response, 404, "not-found", "The admin page is turned off");
            return null;
        }
        HandshakeRequest asked = Requests.handshakeRequest(request);
        String address = hubbub.admission().addressOf(asked);
        try {
            if (hasKey(admin, request)) {
                return new Operator("The admin key", address);
            }
            HttpSession session = request.getSession(false);
            if (admin.role() != null && session != null && session.getAttribute(USER) instanceof String user) {
                return new Operator(user, address);
            }
            Identity caller = caller(hubbub, asked);
            if (admin.role() != null && caller.isInRole(admin.role())) {
                return new Operator(caller.name(), address);
            }
            String message = admin.role() == null
                    ? "The admin page needs the key"
                    : "The admin page needs a user with the role " + admin.role()
                            + (admin.key().isEmpty() ? "" : ", or the key");
            AdminServlet.reject(request, response, caller.isAnonymous() ? 401 : 403, EventException.FORBIDDEN, message);
        } catch (RejectedException rejected) {
            Responses.reject(response, rejected);
        }
        return null;
    }

    /** An invalid token may be a guess of the key, so it counts as an attempt to connect. */
    private static Identity caller(Hubbub hubbub, HandshakeRequest asked) {
        try {
            return hubbub.admission().caller(asked);
        } catch (RejectedException rejected) {
            if (rejected.status() == HttpServletResponse.SC_UNAUTHORIZED) {
                hubbub.admission().countAttempt(asked);
            }
            throw rejected;
        }
    }

    /** Compares in a time that does not depend on the key. */
    private static boolean hasKey(Settings.Admin admin, HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return !admin.key().isEmpty()
                && header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(bytes(header.substring(BEARER.length()).strip()), bytes(admin.key()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Logs a user of the container in, with {@code {"user", "password"}}, or out. */
    static void session(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Hubbub hubbub = Hubbub.current();
        String role = hubbub.settings().admin().role();
        if (role == null) {
            AdminServlet.reject(request, response, 404, "not-found", "No user may use the admin page");
            return;
        }
        if (request.getMethod().equals("DELETE")) {
            logOut(request);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        HandshakeRequest asked = Requests.handshakeRequest(request);
        try {
            hubbub.admission().countAttempt(asked); // guessing passwords is limited as connecting is
        } catch (RejectedException tooMany) {
            Responses.reject(response, tooMany);
            return;
        }
        String address = hubbub.admission().addressOf(asked);
        Data data;
        try {
            byte[] body = request.getInputStream().readNBytes(MAX_LOGIN);
            data = AdminServlet.object(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            AdminServlet.reject(request, response, 400, EventException.MALFORMED, malformed.getMessage());
            return;
        }
        String user = data.string("user");
        try {
            logIn(request, user, data.string("password"));
        } catch (ServletException | RuntimeException wrong) {
            refuse(request, response, user, address, role);
            return;
        }
        if (!request.isUserInRole(role)) {
            logOut(request);
            refuse(request, response, user, address, role);
            return;
        }
        request.getSession(true).setAttribute(USER, user);
        AdminServlet.operations().loggedIn(new Operator(user, address));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** With one answer for all reasons, so that nobody learns here which passwords are right. */
    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, String user, String address, String role)
            throws IOException {
        AdminServlet.operations().loginFailed(user, address);
        String message = "The name or the password is wrong, or the user lacks the role " + role;
        AdminServlet.reject(request, response, 401, EventException.FORBIDDEN, message);
    }

    private static void logIn(HttpServletRequest request, String user, String password) throws ServletException {
        if (request.getUserPrincipal() != null) {
            request.logout(); // a second login is an error
        }
        request.getSession(true); // where the container keeps the user
        request.login(user, password);
        if (request.getSession(false) != null) {
            request.changeSessionId(); // somebody may have planted the former one
        }
    }

    private static void logOut(HttpServletRequest request) {
        try {
            request.logout();
        } catch (ServletException e) {
            // The session, which is what counts, ends below.
        }
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }
}
