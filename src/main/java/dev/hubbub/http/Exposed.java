package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.Identity;
import dev.hubbub.app.Exposure;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.RejectedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Decides whether a request may see a page that is for operators or for programs. */
public final class Exposed {
    private Exposed() {}

    /**
     * Whether the page is shown. Otherwise the request is answered: with 404 if the page is off, with 401 if the user is not
     * known, and with 403 if the user lacks the role. May block.
     */
    public static boolean isShown(Exposure exposure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!exposure.on()) {
            Responses.reject(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    new EventException("not-found", "This page is turned off"));
            return false;
        }
        if (exposure.role() == null) {
            return true;
        }
        Identity caller;
        try {
            caller = Hubbub.current().admission().caller(Requests.handshakeRequest(request));
        } catch (RejectedException rejected) {
            Responses.reject(response, rejected);
            return false;
        }
        if (caller.isInRole(exposure.role())) {
            return true;
        }
        Responses.reject(
                response,
                caller.isAnonymous() ? HttpServletResponse.SC_UNAUTHORIZED : HttpServletResponse.SC_FORBIDDEN,
                new EventException(
                        EventException.FORBIDDEN, "This page is shown only to users with the role " + exposure.role()));
        return false;
    }
}
