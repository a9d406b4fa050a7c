package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.NodeScripts;
import dev.hubbub.json.Scanner;
import dev.hubbub.standalone.WarProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chrome.ChromeDriver;

/** Six kinds of clients send to one room; all receive every message once, in the same order. */
class SixTransportsIT {
    private static final int EACH = 500;
    private static final int CLIENTS = 6;
    private static final String ROOM = "six";

    /** A WebSocket, an EventSource that sends by POST, and long polling, in one page. */
    private static final String PAGE = """
            const [room, each, total] = arguments;
            window.received = { websocket: [], eventsource: [], poll: [] };
            const listen = (client, send) => {
              let started = false;
              return async ({ text }) => {
                if (text !== "go") received[client].push(text);
                else if (!started) {
                  started = true;
                  for (let i = 0; i < each; i++) await send(`${client} ${i}`);
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
            let sourceSession;
            const source = new EventSource("events/sse?room=" + room);
            const bySource = listen("eventsource", (text) => post(sourceSession, text));
            source.addEventListener("connected", ({ data }) => (sourceSession = JSON.parse(data).session));
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
    void allClientsReceiveTheSameEventsInTheSameOrder() throws Exception {
        try (WarProcess war = WarProcess.start();
                EventClient coordinator = EventClient.connect(war.events())) {
            ChromeDriver browser = Chromium.start();
            Process node = NodeScripts.pipe("six.mjs", war.url().toString(), ROOM, "" + EACH, "" + EACH * CLIENTS);
            try {
                browser.get(war.url().toString());
                browser.executeScript(PAGE, ROOM, EACH, EACH * CLIENTS);
                coordinator.join(ROOM);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> coordinator.join(ROOM).members() == CLIENTS + 1);
                coordinator.send("{\"name\":\"message\",\"data\":{\"room\":\"" + ROOM + "\",\"text\":\"go\"}}");

                Map<String, List<String>> received = new LinkedHashMap<>();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
                for (int i = 0; i < 3; i++) {
                    String line = lines.readLine();
                    received.put(line.split("=")[0], strings(line.substring(line.indexOf('=') + 1)));
                }
                for (String client : List.of("websocket", "eventsource", "poll")) {
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> receivedBy(browser, client).size() >= EACH * CLIENTS);
                    received.put(client, receivedBy(browser, client));
                }
                check(received);
            } finally {
                node.destroyForcibly();
                browser.quit();
            }
        }
    }

    private static void check(Map<String, List<String>> received) {
        List<String> order = received.get("websocket");
        assertThat(received).hasSize(CLIENTS);
        assertThat(new HashSet<>(order)).hasSize(EACH * CLIENTS);
        received.forEach((client, messages) -> {
            assertThat(messages).as(client).isEqualTo(order);
            assertThat(order.stream().filter(message -> message.startsWith(client + " ")))
                    .as("sent by %s", client)
                    .isEqualTo(numbered(client));
        });
    }

    private static List<String> numbered(String client) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            messages.add(client + " " + i);
        }
        return messages;
    }

    @SuppressWarnings("unchecked")
    private static List<String> receivedBy(ChromeDriver browser, String client) {
        return (List<String>) browser.executeScript("return received[arguments[0]]", client);
    }

    private static List<String> strings(String array) {
        List<String> strings = new ArrayList<>();
        Scanner.forEachElement(array, (start, end) -> strings.add(Scanner.unquote(array.substring(start, end))));
        return strings;
    }
}
