package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.Data;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Http;
import dev.hubbub.identity.Tokens;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interface of the admin page: who may use it, what it shows and does, and its audit. */
class AdminIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String[] JSON = {"Authorization", "Bearer " + KEY, "Content-Type", "application/json"};

    private static WarProcess war;
    private final List<EventClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        war = WarProcess.start(
                "-Dhubbub.admin-key=" + KEY, "-Dhubbub.trusted-proxies=127.0.0.1", "-Dhubbub.handshakes-per-second=5");
        war.url();
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    @AfterEach
    void closeClients() {
        clients.forEach(EventClient::close);
    }

    private static URI api(String path) {
        return war.url().resolve("admin/api/" + path);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return Http.get(api(path), JSON);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return Http.post(api(path), body, JSON);
    }

    private EventClient join(String room, String address) {
        EventClient client = EventClient.connect(war.events(), "X-Forwarded-For", address);
        clients.add(client);
        return client.join(room);
    }

    private static void awaitAudit(String line) {
        await().until(() -> war.output.stream().anyMatch(said -> said.endsWith("dev.hubbub.audit  " + line)));
    }

    @Test
    void onlyTheKeyOpensIt() throws Exception {
        assertThat(Http.get(api("overview"), "X-Forwarded-For", "203.0.113.1").statusCode())
                .isEqualTo(401);
        assertThat(Http.get(api("overview"), "X-Forwarded-For", "203.0.113.1", "Authorization", "Bearer " + KEY + "0")
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> shown = get("overview");
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(shown.body()).contains("\"status\":\"up\"");
        assertThat(get("settings").body())
                .contains("\"hubbub.admin-key\":\"***")
                .doesNotContain(KEY);
        assertThat(Http.post(api("session"), "{\"user\":\"kim\",\"password\":\"x\"}", JSON)
                        .statusCode())
                .as("the standalone server has no users")
                .isEqualTo(404);
    }

    @Test
    void aValueOfSeveralLinesIsShownWhole() throws Exception {
        try (WarProcess own = WarProcess.start(
                Map.of("HUBBUB_ROOM_POLICIES", "lobby;\nstaff-* join=staff", "HUBBUB_ADMIN_KEY", KEY))) {
            URI settings = own.url().resolve("admin/api/settings");
            assertThat(Http.get(settings, JSON).body())
                    .contains("\"hubbub.room-policies\":\"lobby;\\nstaff-* join=staff  (");
        }
    }

    @Test
    void aClientIsShownWithItsLastErrorsAndARoomWithTheNumberOfItsEvents() throws Exception {
        EventClient kim = join("errors", "203.0.113.80");
        for (int i = 0; i < 12; i++) {
            kim.send("{\"name\":\"wrong-" + i + "\",\"id\":" + i + "}").error("unknown-event");
            kim.send(EventClient.message("errors", i)).next("message");
        }
        kim.send("{\"name\":\"message\",\"data\":{\"room\":\"elsewhere\"},\"id\":99}")
                .error("not-in-room");
        Data client = Data.parse(get("client?id=" + kim.id()).body());
        assertThat(client.member("errors").json())
                .startsWith("[{")
                .contains("not-in-room")
                .satisfies(errors -> assertThat(errors.split("\"code\"")).hasSize(11));
        assertThat(client.member("errors").json().indexOf("not-in-room"))
                .as("the newest is the first")
                .isLessThan(client.member("errors").json().indexOf("unknown-event"));
        assertThat(Data.parse(get("room?name=errors").body()).integer("published"))
                .isEqualTo(12);
    }

    @Test
    void theEventsOfARoomAndOfAClientAreWatchedAndTheAuditSaysSo() throws Exception {
        EventClient kim = join("watched", "203.0.113.81");
        assertThat(get("tap?room=watched").statusCode()).isEqualTo(404);
        assertThat(post("tap", "{\"room\":\"nobody-is-here\"}").statusCode()).isEqualTo(404);
        assertThat(post("tap", "{\"room\":\"watched\"}").statusCode()).isEqualTo(200);
        assertThat(post("tap", "{\"client\":\"" + kim.id() + "\"}").statusCode())
                .isEqualTo(200);
        kim.send(EventClient.message("watched", "first")).next("message");
        kim.send("{\"name\":\"echo\",\"data\":\"second\",\"id\":1}").next("ack");
        assertThat(get("tap?room=watched").body()).contains("\"seen\":1", "first", kim.id());
        assertThat(get("tap?client=" + kim.id()).body()).contains("\"seen\":2", "first", "second");
        assertThat(get("tap?after=1&client=" + kim.id()).body())
                .contains("second")
                .doesNotContain("first");
        await().untilAsserted(() -> assertThat(war.output)
                .anyMatch(line -> line.endsWith("watches the events of the room watched: started"))
                .anyMatch(line -> line.endsWith("watches the events that the client " + kim.id() + " sends: started")));
    }

    @Test
    void guessesOfTheKeyAreLimited() throws Exception {
        int last = 0;
        for (int i = 0; i < 200 && last != 429; i++) {
            last = Http.get(api("overview"), "X-Forwarded-For", "203.0.113.9", "Authorization", "Bearer guess" + i)
                    .statusCode();
        }
        assertThat(last).isEqualTo(429);
    }

    /** A page of another site can send a form with the user's cookies, but no JSON, and not with an allowed origin. */
    @Test
    void pagesOfOtherSitesChangeNothing() throws Exception {
        String body = "{\"text\":\"forged\"}";
        String[] form = {"Authorization", "Bearer " + KEY, "Content-Type", "text/plain"};
        assertThat(Http.post(api("notice"), body, form).statusCode()).isEqualTo(403);
        String[] other = {
            "Authorization", "Bearer " + KEY, "Content-Type", "application/json", "Origin", "https://evil.example"
        };
        assertThat(Http.post(api("notice"), body, other).statusCode()).isEqualTo(403);
        assertThat(war.output).noneMatch(line -> line.contains("forged"));
    }

    @Test
    void aServerWithoutKeyAndRoleShowsNothing() throws Exception {
        try (WarProcess closed = WarProcess.start()) {
            URI overview = closed.url().resolve("admin/api/overview");
            assertThat(Http.get(overview).statusCode()).isEqualTo(404);
            URI session = closed.url().resolve("admin/api/session");
            assertThat(Http.post(session, "{}", "Content-Type", "application/json")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void clientsAreSearchedSortedAndPaged() throws Exception {
        for (int i = 0; i < 12; i++) {
            join("paged", "198.51.100." + i);
        }
        clients.get(7).send("{\"name\":\"nothing\",\"id\":1}").error("unknown-event");
        clients.get(7).send(EventClient.message("paged", "hi")).next("message");
        assertThat(get("clients?search=paged&limit=5&offset=10").body())
                .startsWith("{\"total\":12,\"items\":[{")
                .containsPattern("(\"id\".*){2}");
        assertThat(get("clients?search=100.7&limit=5").body())
                .contains("\"total\":1,", "\"id\":\"" + clients.get(7).id() + "\"", "\"transport\":\"websocket\"");
        assertThat(get("client?id=" + clients.get(7).id()).body())
                .contains("\"code\":\"unknown-event\"", "\"rooms\":[\"paged\"]");
        assertThat(get("rooms?search=page").body()).contains("{\"namespace\":\"/\",\"name\":\"paged\",\"members\":12}");
        assertThat(get("room?name=paged").body()).contains("\"members\":12");
        for (String bad : List.of("clients?sort=x", "clients?limit=1000", "clients?offset=-1", "clients?limit=a")) {
            assertThat(get(bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(get("client?id=nobody").statusCode()).isEqualTo(404);
        assertThat(get("nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void aClientIsClosedAndARoomIsCleared() throws Exception {
        EventClient kim = join("cleared", "198.51.100.40");
        EventClient lee = join("cleared", "198.51.100.41");
        assertThat(post("close", "{\"id\":\"" + kim.id() + "\",\"reason\":\"Please\\nstop\"}")
                        .body())
                .isEqualTo("{\"closed\":1}");
        kim.awaitClose(1008);
        assertThat(post("close", "{\"id\":\"" + kim.id() + "\"}").statusCode()).isEqualTo(404);
        awaitAudit("The admin key from 127.0.0.1 closes " + kim.id()
                + " (198.51.100.40) by websocket (Please\\u000astop): done");
        assertThat(post("clear", "{\"room\":\"cleared\"}").body()).isEqualTo("{\"removed\":1}");
        assertThat(lee.next(event -> event.name().equals("left")
                                && event.data().string("id").equals(lee.id()))
                        .data()
                        .string("reason"))
                .isEqualTo("expelled");
        awaitAudit("The admin key from 127.0.0.1 clears the room cleared: 1 members removed");
        for (String bad : List.of("", "{}", "[]", "{\"room\":", "{\"room\":\"\"}")) {
            assertThat(post("clear", bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(post("clear", "{\"room\":\"a\",\"namespace\":\"/none\"}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aBannedAddressIsClosedAndRejectedOnEveryTransportUntilTheBanEnds() throws Exception {
        String address = "198.51.100.66";
        EventClient kim = join("bans", address);
        assertThat(post("ban", "{\"address\":\"" + address + "\",\"minutes\":5,\"reason\":\"Spam\"}")
                        .body())
                .isEqualTo("{\"closed\":1}");
        kim.awaitClose(1008);
        assertThat(HandshakeProbe.webSocket(war.url(), "events", "X-Forwarded-For", address)
                        .status())
                .isEqualTo(403);
        for (String path : List.of("events/sse", "events/poll", "socket.io/?EIO=4&transport=polling")) {
            HttpResponse<String> rejected = Http.get(war.url().resolve(path), "X-Forwarded-For", address);
            assertThat(rejected.statusCode()).as(path).isEqualTo(403);
        }
        assertThat(Http.get(war.url().resolve("events/poll"), "X-Forwarded-For", address)
                        .body())
                .contains("You are banned until", ": Spam");
        assertThat(get("bans").body()).contains("\"kind\":\"ADDRESS\"", "\"value\":\"" + address + "\"");
        assertThat(post("unban", "{\"address\":\"" + address + "\"}").statusCode())
                .isEqualTo(200);
        assertThat(post("unban", "{\"address\":\"" + address + "\"}").statusCode())
                .isEqualTo(404);
        join("bans", address);
        for (String bad : List.of("{\"minutes\":5}", "{\"user\":\"kim\"}", "{\"user\":\"kim\",\"minutes\":0}")) {
            assertThat(post("ban", bad).statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void whoeverIsBannedCannotAuthenticateOnAConnectionThatWasOpenBefore(@TempDir Path folder) throws Exception {
        Tokens tokens = new Tokens();
        Path keys = Files.writeString(folder.resolve("keys.json"), tokens.keys());
        try (WarProcess own = WarProcess.start(
                        "-Dhubbub.admin-key=" + KEY,
                        "-Dhubbub.trusted-proxies=127.0.0.1",
                        "-Dhubbub.handshakes-per-second=5",
                        "-Dhubbub.anonymous=false",
                        "-Dhubbub.jwt-keys=" + keys,
                        "-Dhubbub.jwt-audience=" + Tokens.AUDIENCE);
                EventClient kim = new EventClient(own.events(), "X-Forwarded-For", "198.51.100.1");
                EventClient lee = new EventClient(own.events(), "X-Forwarded-For", "2001:db8::1")) {
            URI ban = own.url().resolve("admin/api/ban");
            for (String who : List.of("\"user\":\"kim\"", "\"address\":\"2001:DB8::2\"")) {
                assertThat(Http.post(ban, "{" + who + ",\"minutes\":5}", JSON).statusCode())
                        .isEqualTo(200);
            }
            kim.send("{\"name\":\"auth\",\"data\":{\"token\":\"" + tokens.token("kim") + "\"},\"id\":1}");
            lee.send("{\"name\":\"auth\",\"data\":{\"token\":\"" + tokens.token("lee") + "\"},\"id\":1}");
            assertThat(kim.error("forbidden").string("message")).startsWith("You are banned until");
            assertThat(lee.error("forbidden").string("message")).startsWith("You are banned until");
            assertThat(Http.post(ban, "{\"address\":\"2001:DB8::x\",\"minutes\":5}", JSON)
                            .statusCode())
                    .isEqualTo(400);
            int last = 0;
            for (int i = 0; i < 300 && last != 429; i++) {
                last = Http.get(
                                own.url().resolve("admin/api/overview"),
                                "X-Forwarded-For",
                                "203.0.113.9",
                                "Authorization",
                                "Bearer guess" + i)
                        .statusCode();
            }
            assertThat(last).as("guesses of the key, where tokens are accepted").isEqualTo(429);
        }
    }

    @Test
    void limitsAndOriginsAreChangedWithoutARestartAndTheAuditSaysSo() throws Exception {
        try (WarProcess own = WarProcess.start("-Dhubbub.admin-key=" + KEY, "-Dhubbub.max-connections=1");
                EventClient kim = EventClient.connect(own.events()).join("a")) {
            URI setting = own.url().resolve("admin/api/setting");
            assertThat(HandshakeProbe.webSocket(own.url(), "events").status()).isEqualTo(503);
            HttpResponse<String> changed =
                    Http.post(setting, "{\"name\":\"hubbub.max-connections\",\"value\":\"3\"}", JSON);
            assertThat(changed.body()).contains("1  (system property)", "3  (operator)");
            EventClient.connect(own.events()).join("a").close();
            assertThat(Http.get(own.url().resolve("admin/api/settings"), JSON).body())
                    .contains("\"hubbub.max-connections\":\"3  (operator)\"");

            Http.post(setting, "{\"name\":\"hubbub.max-rooms\",\"value\":\"1\"}", JSON);
            kim.send("{\"name\":\"join\",\"data\":{\"room\":\"b\"},\"id\":1}");
            assertThat(kim.error("too-large").string("message")).contains("1 rooms");

            String origin = "https://other.example";
            assertThat(HandshakeProbe.webSocket(own.url(), "events", "Origin", origin)
                            .status())
                    .isEqualTo(403);
            Http.post(setting, "{\"name\":\"hubbub.allowed-origins\",\"value\":\"" + origin + "\"}", JSON);
            assertThat(HandshakeProbe.webSocket(own.url(), "events", "Origin", origin)
                            .status())
                    .isEqualTo(101);
            assertThat(Http.post(setting, "{\"name\":\"hubbub.allowed-origins\"}", JSON)
                            .body())
                    .contains("\"after\":\"  (default)\"");

            assertThat(Http.post(setting, "{\"name\":\"hubbub.max-connections\",\"value\":\"x\"}", JSON)
                            .body())
                    .contains("hubbub.max-connections is \\\"x\\\"; allowed are 1 to 10000000 connections  (operator)");
            assertThat(Http.post(setting, "{\"name\":\"hubbub.heartbeat\",\"value\":\"9000\"}", JSON)
                            .body())
                    .contains("hubbub.heartbeat can be changed only by a restart", "hubbub.max-connections");
            await().untilAsserted(() -> assertThat(own.output)
                    .anyMatch(line -> line.contains("The admin key from 127.0.0.1 changes hubbub.max-connections from 1"
                            + "  (system property) to 3  (operator): done"))
                    .anyMatch(line -> line.endsWith("changes hubbub.heartbeat to 9000: rejected")));
        }
    }

    @Test
    void noticesAreSentAndTheServerDrainsAndReopens() throws Exception {
        try (WarProcess other = WarProcess.start("-Dhubbub.admin-key=" + KEY);
                EventClient kim = EventClient.connect(other.events()).join("a");
                EventClient lee = EventClient.connect(other.events()).join("b")) {
            URI api = other.url().resolve("admin/api/");
            Http.post(api.resolve("notice"), "{\"room\":\"a\",\"text\":\"to a\"}", JSON);
            Http.post(api.resolve("notice"), "{\"text\":\"to all\"}", JSON);
            assertThat(kim.next("notice").data().string("text")).isEqualTo("to a");
            assertThat(lee.next("notice").data().string("text")).isEqualTo("to all");
            assertThat(Http.post(api.resolve("drain"), "{}", JSON).statusCode()).isEqualTo(200);
            kim.awaitClose(1012);
            assertThat(Http.get(api.resolve("overview"), JSON).body()).contains("\"status\":\"draining\"");
            await().until(() -> {
                Http.post(api.resolve("reopen"), "{}", JSON);
                return Http.get(api.resolve("overview"), JSON).body().contains("\"status\":\"up\"");
            });
            EventClient.connect(other.events()).join("a").close();
        }
    }
}
