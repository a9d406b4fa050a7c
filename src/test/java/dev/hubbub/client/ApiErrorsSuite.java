package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Data;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the HTTP API refuses, as part of {@link ApiSuite}. */
public abstract class ApiErrorsSuite extends AuthenticationSuite {
    static final String KEY = "the-key-of-the-tests-with-32-characters-or-more";

    static final String HI = "{\"name\":\"hi\",\"data\":{\"n\":1}}";

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = Http.request(url().resolve(path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Http.send(request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8))));
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + KEY));
        return send(method, path, body, all.toArray(String[]::new));
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return call("POST", path, body, headers);
    }

    static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        Data problem = Data.parse(response.body());
        assertThat(problem.string("code")).as(response.body()).isEqualTo(code);
        assertThat(problem.json()).contains("\"status\":" + status, "\"title\":\"", "\"detail\":\"");
    }

    @Test
    void aWrongKeyLearnsNothing() throws Exception {
        try (EventClient kim = connect("kim")) {
            kim.join("secret");
            String first = null;
            for (String path : List.of(
                    "api/rooms/secret", "api/rooms/nothing", "api/rooms", "api/clients/" + kim.id() + "/events")) {
                for (String authorization : List.of("Bearer " + KEY + "x", "Bearer x", "Basic a2ltOg==", "Bearer")) {
                    HttpResponse<String> refused = send("GET", path, null, "Authorization", authorization);
                    assertProblem(refused, 401, "forbidden");
                    assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
                    first = first == null ? refused.body() : first;
                    assertThat(refused.body()).isEqualTo(first);
                }
            }
            assertProblem(send("POST", "api/rooms/secret/events", HI), 401, "forbidden");
            assertProblem(send("POST", "api/events?namespace=/x", "[" + " ".repeat(1_000)), 401, "forbidden");
        }
    }

    @Test
    void whoTriesManyKeysIsStopped() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            HttpResponse<String> refused =
                    send("GET", "api/rooms", null, "Authorization", "Bearer x", "X-Forwarded-For", "203.0.113.77");
            statuses.add(refused.statusCode());
            assertProblem(refused, refused.statusCode(), refused.statusCode() == 401 ? "forbidden" : "rate-limited");
        }
        assertThat(statuses).contains(401, 429).doesNotContain(200, 404);
    }

    @Test
    void theRoleAlsoOpensTheApiAndOthersAreForbidden() throws Exception {
        String kim = "Bearer " + token("kim", "hubbub-api");
        assertThat(send("POST", "api/rooms/role/events", HI, "Authorization", kim)
                        .statusCode())
                .isEqualTo(200);
        assertProblem(
                send("POST", "api/rooms/role/events", HI, "Authorization", "Bearer " + token("lee", "staff")),
                403,
                "forbidden");
    }

    @Test
    void anUnknownPathMethodRoomOrNamespaceIsSaidToBe() throws Exception {
        assertProblem(call("GET", "api/rooms/nobody-is-here", null), 404, "not-found");
        assertProblem(call("GET", "api/rooms/a/b/c", null), 404, "not-found");
        assertProblem(call("GET", "api/rooms?namespace=/nothing", null), 404, "not-found");
        assertProblem(call("GET", "api/room", null), 400, "invalid-data");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            PUT,     api/rooms/a/events,       'GET, POST, DELETE'
            PATCH,   api/room/events?name=a,   'GET, POST, DELETE'
            GET,     api/rooms/a/events/b,     DELETE
            GET,     api/events,               POST
            OPTIONS, api/events,               POST
            GET,     api/clients/a/events,     POST
            PATCH,   api/users/a/events,       'POST, DELETE'
            POST,    api/rooms,                GET
            POST,    api/rooms/a,              GET
            DELETE,  api/room?name=a,          GET
            GET,     api/clients/a,            DELETE
            POST,    api/users/a,              DELETE
            """)
    void aWrongMethodIsAnsweredWithTheMethodsOfThePath(String method, String path, String allowed) throws Exception {
        HttpResponse<String> wrong = call(method, path, null);
        assertProblem(wrong, 405, "method-not-allowed");
        assertThat(wrong.headers().firstValue("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET,    api/rooms/a/b,                    404, not-found
            POST,   api/rooms/a/events/b/c,           404, not-found
            DELETE, api/rooms/a/events/b,             400, invalid-data
            DELETE, api/rooms/a/events/,              400, invalid-data
            DELETE, api/room/events/AAAAAAAAAAA.1,    400, invalid-data
            DELETE, api/rooms/a/events/AAAAAAAAAAA.1, 404, not-found
            GET,    api/room/a,                       404, not-found
            GET,    api/clients/a/b,                  404, not-found
            GET,    api/users/a/b,                    404, not-found
            POST,   api/events?namespace=x,           404, not-found
            GET,    api/room?name=a%01b,              400, invalid-data
            GET,    api/rooms/,                       400, invalid-data
            GET,    api/room/events,                  400, invalid-data
            POST,   api/room/events,                  400, invalid-data
            GET,    api/rooms/a/events?limit=0,       400, invalid-data
            GET,    api/rooms/a/events?limit=101,     400, invalid-data
            GET,    api/rooms/a/events?limit=1e1,     400, invalid-data
            GET,    api/rooms/a/events?limit=,        400, invalid-data
            GET,    api/rooms/a/events?before=7,      400, invalid-data
            GET,    api/rooms/a/events?before=,       400, invalid-data
            DELETE, api/clients/,                     404, not-found
            """)
    void whatIsWrongWithAPathIsAProblem(String method, String path, int status, String code) throws Exception {
        assertProblem(call(method, path, method.equals("POST") ? HI : null), status, code);
        assertProblem(send(method, path, null), 401, "forbidden");
    }
}
