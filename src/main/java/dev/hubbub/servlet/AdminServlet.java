package dev.hubbub.servlet;

import dev.hubbub.Data;
import dev.hubbub.EventException;
import dev.hubbub.access.Bans;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.LiveSettings;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.http.Body;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responses;
import dev.hubbub.json.CheckedJson;
import dev.hubbub.json.Json;
import dev.hubbub.json.JsonSyntaxException;
import dev.hubbub.json.Scanner;
import dev.hubbub.management.Inspection;
import dev.hubbub.management.Operations;
import dev.hubbub.management.Operator;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * {@code /admin/api/...}: what the admin page shows and does, as JSON. {@link AdminAccess} says who may use it.
 *
 * <p>{@code GET overview, clients, client, rooms, room, settings, changeable, bans, tap}; {@code POST close, ban, unban, clear,
 * notice, setting, tap, drain, reopen} with their parameters as a JSON object; {@code POST} and {@code DELETE session} log in and
 * out.
 */
public final class AdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/admin/api/*";

    private static final int MAX_BODY = 8_192;
    private static final int DEFAULT_PAGE = 50;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Responses.disableCaching(response);
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        boolean reads = request.getMethod().equals("GET");
        if (!reads && !AdminAccess.isFromOwnPage(request)) {
            reject(request, response, 403, EventException.FORBIDDEN, "Send JSON, from a page of an allowed origin");
            return;
        }
        if (path.equals("/session") && !reads) {
            AdminAccess.session(request, response);
            return;
        }
        Operator operator = AdminAccess.operator(request, response);
        if (operator == null) {
            return;
        }
        if (reads) {
            answer(read(path, Requests.parameters(request))).write(response);
        } else if (request.getMethod().equals("POST")) {
            Body.read(request, MAX_BODY, body -> change(operator, path, new String(body, StandardCharsets.UTF_8)));
        } else {
            response.setHeader("Allow", "GET, POST");
            reject(request, response, 405, "method-not-allowed", "This path has only the methods GET and POST");
        }
    }

    static void reject(
            HttpServletRequest request, HttpServletResponse response, int status, String code, String message)
            throws IOException {
        if (!request.getMethod().equals("GET")) {
            Responses.closeAfterResponse(request, response); // its body was not read
        }
        Responses.reject(response, status, new EventException(code, message));
    }

    static Operations operations() {
        return Hubbub.current().transportState(Operations.class, AdminServlet::starting);
    }

    private static <T> T starting(Hubbub hubbub) {
        throw new IllegalStateException("Hubbub is starting");
    }

    /** What is asked for; null if there is none. */
    private static Object read(String path, QueryParameters parameters) {
        Inspection inspection = Hubbub.current().transportState(Inspection.class, AdminServlet::starting);
        String search = parameters.first("search");
        try {
            return switch (path) {
                case "/overview" -> inspection.overview();
                case "/clients" -> {
                    String sort = parameters.first("sort");
                    yield inspection.clients(
                            search,
                            sort == null ? "waiting" : sort,
                            number(parameters, "offset", 0),
                            limit(parameters));
                }
                case "/client" -> inspection.client(parameters.first("id"));
                case "/rooms" -> inspection.rooms(search, number(parameters, "offset", 0), limit(parameters));
                case "/room" -> inspection.room(namespace(parameters.first("namespace")), parameters.first("name"));
                case "/settings" -> inspection.settings();
                case "/tap" ->
                    operations()
                            .watched(
                                    parameters.first("client"),
                                    namespace(parameters.first("namespace")),
                                    parameters.first("room"),
                                    number(parameters, "after", 0));
                case "/changeable" -> LiveSettings.changeable();
                case "/bans" -> operations().bans();
                default -> null;
            };
        } catch (IllegalArgumentException invalid) {
            return new EventException(EventException.INVALID_DATA, invalid.getMessage());
        }
    }

    private static int limit(QueryParameters parameters) {
        return number(parameters, "limit", DEFAULT_PAGE);
    }

    private static int number(QueryParameters parameters, String name, int otherwise) {
        String text = parameters.first(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The parameter " + name + " must be a number", e);
        }
    }

    private static String namespace(String name) {
        return name == null || name.isEmpty() ? "/" : name;
    }

    private static Body.ResponseWriter change(Operator operator, String path, String body) {
        try {
            return answer(change(operator, path, object(body.isBlank() ? "{}" : body)));
        } catch (EventException invalid) {
            return answer(invalid);
        } catch (IllegalArgumentException | IllegalStateException invalid) {
            return answer(new EventException(EventException.INVALID_DATA, invalid.getMessage()));
        }
    }

    /** @throws IllegalArgumentException if it is none */
    static Data object(String json) {
        try {
            Scanner.checkValue(json);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException("The body is malformed: " + e.getMessage(), e);
        }
        Data data = Data.of(new CheckedJson(json));
        if (!data.isObject()) {
            throw new IllegalArgumentException("The body must be a JSON object");
        }
        return data;
    }

    private static Object change(Operator operator, String path, Data data) {
        Operations operations = operations();
        switch (path) {
            case "/close" -> {
                boolean found = operations.close(operator, required(data, "id"), data.string("reason"));
                return found ? Map.of("closed", 1) : null;
            }
            case "/ban" -> {
                Long minutes = data.integer("minutes");
                if (minutes == null) {
                    throw new IllegalArgumentException("The member \"minutes\" is missing");
                }
                Duration time = Duration.ofMinutes(minutes);
                return Map.of(
                        "closed", operations.ban(operator, kind(data), subject(data), time, data.string("reason")));
            }
            case "/unban" -> {
                return operations.unban(operator, kind(data), subject(data)) ? Map.of() : null;
            }
            case "/clear" -> {
                String namespace = namespace(data.string("namespace"));
                return Map.of("removed", operations.clearRoom(operator, namespace, required(data, "room")));
            }
            case "/notice" -> {
                String room = data.string("room");
                String namespace = room == null ? data.string("namespace") : namespace(data.string("namespace"));
                operations.notice(operator, namespace, room, required(data, "text"));
                return Map.of();
            }
            case "/tap" -> {
                String client = data.string("client");
                String room = client == null ? required(data, "room") : null;
                boolean found = operations.watch(operator, client, namespace(data.string("namespace")), room);
                return found ? Map.of() : null;
            }
            case "/setting" -> {
                return operations.changeSetting(operator, required(data, "name"), data.string("value"));
            }
            case "/drain" -> operations.drain(operator);
            case "/reopen" -> operations.reopen(operator);
            default -> {
                return null;
            }
        }
        return Map.of();
    }

    private static Bans.Kind kind(Data data) {
        return data.string("user") == null ? Bans.Kind.ADDRESS : Bans.Kind.USER;
    }

    private static String subject(Data data) {
        return data.string("user") == null ? required(data, "address") : data.string("user");
    }

    private static String required(Data data, String member) {
        String value = data.string(member);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("The member \"" + member + "\" is missing");
        }
        return value;
    }

    private static Body.ResponseWriter answer(Object result) {
        if (result == null) {
            return response ->
                    Responses.reject(response, 404, new EventException("not-found", "There is no such thing here"));
        }
        if (result instanceof EventException invalid) {
            return response -> Responses.reject(response, 400, invalid);
        }
        byte[] json = Json.write(result).getBytes(StandardCharsets.UTF_8);
        return response -> {
            response.setContentType("application/json");
            response.setContentLength(json.length);
            response.getOutputStream().write(json);
        };
    }
}
