package dev.hubbub.http;

import dev.hubbub.app.Admission;
import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import java.util.function.BiConsumer;

/** The headers by which a browser lets a page of another site read a response (CORS; Fetch, section 3.3). */
final class Cors {
    private Cors() {}

    /**
     * Adds the headers for the origin of a request.
     *
     * @param response adds a header with this name and value
     * @return false if the request comes from a page whose origin is not allowed; then the browser must not let it read the response
     */
    static boolean allows(HandshakeRequest request, BiConsumer<String, String> response) {
        Admission admission = Hubbub.current().admission();
        response.accept("Vary", "Origin");
        if (!admission.allowsOrigin(request)) {
            return false;
        }
        String origin = request.header("Origin");
        if (origin != null && !origin.isEmpty()) {
            response.accept("Access-Control-Allow-Origin", origin);
            if (admission.allowsCredentials(request)) {
                response.accept("Access-Control-Allow-Credentials", "true");
            }
        }
        return true;
    }
}
