package dev.hubbub.api;

import dev.hubbub.EventException;
import dev.hubbub.Namespace;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.app.QueryParameters;
import dev.hubbub.http.Body;
import dev.hubbub.http.Requests;
import dev.hubbub.http.Responses;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.protocol.CloseCode;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** A request of an authenticated caller, by its path and method. */
record ApiRequest(
        Api api,
        Callers.Caller caller,
        NamespaceRuntime namespace,
        QueryParameters parameters,
        HttpServletRequest request,
        HttpServletResponse response) {
    private static final String DISCONNECTED = "Disconnected by the application";

    /**
     * Handles a request.
     *
     * @param mapping of the servlet that gets the request otherwise; null if there is none
     * @return false if the request is not from a user of the API, but for a servlet of the application
     */
    static boolean handle(HttpServletRequest request, HttpServletResponse response, HttpServletMapping mapping)
            throws IOException {
        try {
            Api api = Hubbub.current().transportState(Api.class, Api::new);
            // First of all, so that a wrong key learns nothing from the answer.
            Callers.Caller caller = api.callers().find(request);
            if (caller == null) {
                if (isOfApplication(mapping)) {
                    return false;
                }
                throw api.callers().refusal(request);
            }
            caller.charge(1);
            QueryParameters parameters = Requests.parameters(request);
            new ApiRequest(api, caller, namespace(parameters), parameters, request, response).route();
        } catch (Problem problem) {
            refuse(problem, request, response);
        } catch (EventException error) {
            refuse(Problem.of(error), request, response);
        }
        return true;
    }

    private static boolean isOfApplication(HttpServletMapping mapping) {
        return mapping != null
                && mapping.getMappingMatch() != null
                && mapping.getMappingMatch() != MappingMatch.DEFAULT;
    }

    private static void refuse(Problem problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!request.getMethod().equals("GET")) {
            Responses.closeAfterResponse(request, response); // its body was not read
        }
        problem.response().write(response);
    }

    private static NamespaceRuntime namespace(QueryParameters parameters) {
        String name = parameters.first("namespace");
        NamespaceRuntime namespace = Hubbub.current().namespace(name == null ? Namespace.MAIN : name);
        if (namespace == null) {
            throw Problem.notFound("There is no such namespace");
        }
        return namespace;
    }

    /** The decoded segments behind {@link ApiFilter#PATH}. The container's own path would not tell a slash in a name apart. */
    private List<String> path() {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (!path.startsWith(ApiFilter.PATH)) {
            throw unknownPath();
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(ApiFilter.PATH.length()).split("/", -1)) {
            try {
                // The decoder is made for forms, where a plus is a blank.
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw unknownPath();
            }
        }
        return segments;
    }

    private static Problem unknownPath() {
        return Problem.notFound("The API has no such path");
    }

    private void route() throws IOException {
        List<String> path = path();
        LocalHub hub = namespace.hub();
        String kind = path.get(0);
        if (path.size() == 1) {
            switch (kind) {
                case "events" -> publish(new Target.Everyone(hub));
                case "rooms" -> answer(() -> RoomReads.rooms(hub, parameters));
                case "room" -> answer(() -> RoomReads.room(hub, parameters.first("name")));
                default -> throw unknownPath();
            }
            return;
        }
        String name = path.get(1);
        if (path.size() == 2) {
            switch (kind) {
                case "rooms" -> answer(() -> RoomReads.room(hub, name));
                case "room" -> {
                    if (!name.equals("events")) {
                        throw unknownPath();
                    }
                    events(hub, parameters.first("name"));
                }
                case "clients" -> disconnect(reason -> hub.remote(name).close(CloseCode.POLICY, reason));
                case "users" -> disconnect(reason -> hub.closeUser(name, CloseCode.POLICY, reason));
                default -> throw unknownPath();
            }
        } else if (path.size() == 3 && path.get(2).equals("events")) {
            switch (kind) {
                case "rooms" -> events(hub, name);
                case "clients" -> publish(new Target.OneClient(hub, name));
                case "users" -> eventsOfUser(hub, name);
                default -> throw unknownPath();
            }
        } else if (path.size() == 3 && kind.equals("room") && name.equals("events")) {
            delete(hub, parameters.first("name"), path.get(2));
        } else if (path.size() == 4 && kind.equals("rooms") && path.get(2).equals("events")) {
            delete(hub, name, path.get(3));
        } else {
            throw unknownPath();
        }
    }

    /** The events of a room: earlier ones, one more, or all of them. */
    private void events(LocalHub hub, String room) throws IOException {
        requireMethod("GET", "POST", "DELETE");
        switch (request.getMethod()) {
            case "GET" -> answer(() -> RoomReads.events(hub, room, parameters));
            case "POST" -> publish(new Target.OneRoom(hub, RoomReads.named(room)));
            default -> answer(deletion().ofRoom(hub.room(RoomReads.named(room))));
        }
    }

    private void eventsOfUser(LocalHub hub, String user) throws IOException {
        requireMethod("POST", "DELETE");
        if (request.getMethod().equals("POST")) {
            publish(new Target.User(hub, user));
        } else {
            answer(deletion().ofUser(hub, user));
        }
    }

    private void delete(LocalHub hub, String room, String position) throws IOException {
        requireMethod("DELETE");
        answer(deletion().ofEvent(hub.room(RoomReads.named(room)), position));
    }

    private Deletion deletion() {
        return new Deletion(caller.name(), request.getRemoteAddr());
    }

    private void requireMethod(String... methods) {
        if (!List.of(methods).contains(request.getMethod())) {
            String allowed = String.join(", ", methods);
            response.setHeader("Allow", allowed);
            throw new Problem(
                    HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "method-not-allowed",
                    "The methods of this path: " + allowed);
        }
    }

    private void publish(Target target) throws IOException {
        requireMethod("POST");
        api.publish(caller, namespace.name(), target, request);
    }

    private void answer(Supplier<CompletableFuture<String>> json) throws IOException {
        requireMethod("GET");
        answer(json.get().thenApply(Problem::json));
    }

    private void disconnect(Function<String, CompletionStage<Void>> closing) throws IOException {
        requireMethod("DELETE");
        String reason = parameters.first("reason");
        answer(closing.apply(reason == null ? DISCONNECTED : reason)
                .thenApply(nothing -> answer -> answer.setStatus(HttpServletResponse.SC_NO_CONTENT)));
    }

    private void answer(CompletionStage<Body.ResponseWriter> answer) throws IOException {
        Api.respond(
                request,
                response,
                answer.exceptionally(failure -> Problem.of(failure).response()).toCompletableFuture());
    }
}
