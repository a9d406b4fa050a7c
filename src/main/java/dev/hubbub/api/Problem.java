package dev.hubbub.api;

import dev.hubbub.EventException;
import dev.hubbub.http.Body;
import dev.hubbub.http.Responses;
import dev.hubbub.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Why a request is refused; the response is {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {
    static final int TOO_MANY_REQUESTS = 429;

    private static final long serialVersionUID = 1L;

    private static final String NOT_FOUND = "not-found";

    private final int status;
    private final String code;
    private final int index;
    private final int retryAfter;

    private Problem(int status, String code, String detail, int index, int retryAfter) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.index = index;
        this.retryAfter = retryAfter;
    }

    Problem(int status, String code, String detail) {
        this(status, code, detail, -1, 0);
    }

    static Problem notFound(String detail) {
        return new Problem(HttpServletResponse.SC_NOT_FOUND, NOT_FOUND, detail);
    }

    static Problem unauthorized() {
        return new Problem(
                HttpServletResponse.SC_UNAUTHORIZED, EventException.FORBIDDEN, "A valid API key is required");
    }

    static Problem tooMany(String detail, int retryAfter) {
        return new Problem(TOO_MANY_REQUESTS, EventException.RATE_LIMITED, detail, -1, retryAfter);
    }

    /** What the hub says about an event or a request. */
    static Problem of(EventException error) {
        if (error.code().equals(EventException.DISCONNECTED)) {
            return notFound(error.getMessage());
        }
        return new Problem(status(error.code()), error.code(), error.getMessage());
    }

    /** The problem that an exception is; a failure of the server if it is neither a problem nor an answer of the hub. */
    static Problem of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof EventException error) {
            return of(error);
        }
        System.getLogger("dev.hubbub").log(System.Logger.Level.ERROR, "A request to the HTTP API failed", cause);
        return new Problem(
                HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                EventException.INTERNAL,
                "The server failed to handle the request");
    }

    private static int status(String code) {
        return switch (code) {
            case EventException.FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
            case EventException.TOO_LARGE -> HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
            case EventException.RATE_LIMITED -> TOO_MANY_REQUESTS;
            case EventException.OVERLOADED, "unavailable" -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case EventException.INTERNAL -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            default -> HttpServletResponse.SC_BAD_REQUEST;
        };
    }

    /** The same problem, of the event at this index of a batch. */
    Problem at(int event) {
        return new Problem(status, code, getMessage(), event, retryAfter);
    }

    private static String title(int status) {
        return switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST -> "Bad Request";
            case HttpServletResponse.SC_UNAUTHORIZED -> "Unauthorized";
            case HttpServletResponse.SC_FORBIDDEN -> "Forbidden";
            case HttpServletResponse.SC_NOT_FOUND -> "Not Found";
            case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> "Method Not Allowed";
            case HttpServletResponse.SC_REQUEST_TIMEOUT -> "Request Timeout";
            case HttpServletResponse.SC_CONFLICT -> "Conflict";
            case HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE -> "Content Too Large";
            case TOO_MANY_REQUESTS -> "Too Many Requests";
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }

    /** Writes the response. */
    Body.ResponseWriter response() {
        return response -> {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("title", title(status));
            members.put("status", status);
            members.put("code", code);
            members.put("detail", getMessage());
            if (index >= 0) {
                members.put("index", index);
            }
            Responses.disableCaching(response);
            response.setStatus(status);
            if (status == HttpServletResponse.SC_UNAUTHORIZED) {
                response.setHeader("WWW-Authenticate", "Bearer");
            }
            if (retryAfter > 0) {
                response.setIntHeader("Retry-After", retryAfter);
            }
            write(response, "application/problem+json", Json.write(members));
        };
    }

    /** Writes an answer that is no problem. */
    static Body.ResponseWriter json(String json) {
        return response -> {
            Responses.disableCaching(response);
            write(response, "application/json", json);
        };
    }

    private static void write(HttpServletResponse response, String type, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
