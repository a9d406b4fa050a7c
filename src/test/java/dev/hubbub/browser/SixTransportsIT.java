package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.NodeTutorial;
import dev.hubbub.json.Scanner;
import dev.hubbub.standalone.WarProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chrome.ChromeDriver;

/** Six kinds of clients talk in one room, and all hear the same: each word once, and in one order. */
class SixTransportsIT {
    private static final int EACH = 500;
    private static final int DOORS = 6;
    private static final String ROOM = "six";

    /** A WebSocket, an EventSource that speaks by POST, and long polling, in a page. */
    private static final String PAGE = """
            const [room, each, total] = arguments;
            window.heard = { websocket: [], eventsource: [], poll: [] };
            const listen = (door, send) => {
              let begun = false;
              return async ({ text }) => {
                if (text !== "go") heard[door].push(text);
                else if (!begun) {
                  begun = true;
                  for (let i = 0; i < each; i++) await send(`${door} ${i}`);
                }
              };
            };
            const message = (text) => JSON.stringify({ name: "message", data: { room, text } });

            const socket = new WebSocket(location.origin.replace("http", "ws") + "/events");
            const bySocket = listen("websocket", (text) => socket.send(message(text)));
            socket.onopen = () => socket.send(JSON.stringify({ name: "join", data: { room } }));
            socket.onmessage = ({ data }) => {
              const event = JSON.parse(data);
              if (event.name === "message") bySocket(event.data);
            };

            const post = (session, text) =>
              fetch("events/send", { method: "POST", headers: { "Hubbub-Session": session }, body: message(text) });
            let ofSource;
            const source = new EventSource("events/sse?room=" + room);
            const bySource = listen("eventsource", (text) => post(ofSource, text));
            source.addEventListener("connected", ({ data }) => (ofSource = JSON.parse(data).session));
            source.addEventListener("message", ({ data }) => bySource(JSON.parse(data)));

            (async () => {
              let session;
              const byPoll = listen("poll", (text) => post(session, text));
              for (let after = 0, query = "room=" + room; ; query = `session=${session}&after=${after}`) {
                const events = await (await fetch("events/poll?" + query)).json();
                for (const event of events) {
                  if (event.name === "connected") session = event.data.session;
                  if (event.name === "message") byPoll(event.data);
                  after = event.n;
                }
              }
            })();
            """;

    @Test
    void allHearTheSame() throws Exception {
        try (WarProcess war = WarProcess.start();
                EventClient conductor =
                        EventClient.connect(URI.create(war.url().toString().replaceFirst("http", "ws") + "events"))) {
            ChromeDriver browser = Chromium.start();
            Process node = NodeTutorial.pipe("six.mjs", war.url().toString(), ROOM, "" + EACH, "" + EACH * DOORS);
            try {
                browser.get(war.url().toString());
                browser.executeScript(PAGE, ROOM, EACH, EACH * DOORS);
                conductor.join(ROOM);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> conductor.join(ROOM).members() == DOORS + 1);
                conductor.send("{\"name\":\"message\",\"data\":{\"room\":\"" + ROOM + "\",\"text\":\"go\"}}");

                Map<String, List<String>> heard = new LinkedHashMap<>();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
                for (int i = 0; i < 3; i++) {
                    String line = lines.readLine();
                    heard.put(line.split("=")[0], strings(line.substring(line.indexOf('=') + 1)));
                }
                for (String door : List.of("websocket", "eventsource", "poll")) {
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> ears(browser, door).size() >= EACH * DOORS);
                    heard.put(door, ears(browser, door));
                }
                check(heard);
            } finally {
                node.destroyForcibly();
                browser.quit();
            }
        }
    }

    private static void check(Map<String, List<String>> heard) {
        List<String> order = heard.get("websocket");
        assertThat(heard).hasSize(DOORS);
        assertThat(new HashSet<>(order)).hasSize(EACH * DOORS);
        heard.forEach((door, words) -> {
            assertThat(words).as(door).isEqualTo(order);
            assertThat(order.stream().filter(word -> word.startsWith(door + " ")))
                    .as("what %s said", door)
                    .isEqualTo(numbered(door));
        });
    }

    private static List<String> numbered(String door) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            words.add(door + " " + i);
        }
        return words;
    }

    @SuppressWarnings("unchecked")
    private static List<String> ears(ChromeDriver browser, String door) {
        return (List<String>) browser.executeScript("return heard[arguments[0]]", door);
    }

    private static List<String> strings(String array) {
        List<String> strings = new ArrayList<>();
        Scanner.forEachElement(array, (start, end) -> strings.add(Scanner.unquote(array.substring(start, end))));
        return strings;
    }
}
