package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.AttackSuite;
import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the standalone server. */
class AttackIT extends AttackSuite {
    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        war = WarProcess.start();
        war.url();
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    @Override
    protected URI url() {
        return war.url();
    }

    /** Text from a client cannot begin a line in the log or colour it. */
    @Test
    void aClientCannotForgeLogEntries() throws Exception {
        String forged = "x\r\n2026-01-01 00:00:00.000 INFO    dev.hubbub  \u001b[31mForged";
        try (EventClient client = EventClient.connect(war.events())) {
            client.send("{\"name\":\"join\",\"data\":{\"room\":\"" + escaped(forged) + "\",\"nick\":\""
                    + escaped(forged) + "\"}}");
            client.error("invalid-data");
            for (int i = 0; i < 100; i++) {
                client.send("{\"name\":\"" + escaped(forged) + "\",\"id\":\"" + escaped(forged) + "\"}");
            }
            client.awaitClose(1008);
        }
        HandshakeProbe.request(
                war.url(), "GET", "events/poll?wait=0&since=%0d%0aForged", "", "X-Forwarded-For", "\u001b[31mForged");
        assertThat(war.output).noneMatch(line -> line.contains("Forged") || line.contains("\u001b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost",
                "GET /missing HTTP/1.1\r\nHost: localhost",
                "GET /health HTTP/1.1\r\nHost: localhost",
                "GET /events/poll?wait=0 HTTP/1.1\r\nHost: localhost",
                "GET /events/sse HTTP/1.1\r\nHost: localhost",
                "GET /events/poll?wait=x HTTP/1.1\r\nHost: localhost",
                "GET /socket.io/ HTTP/1.1\r\nHost: localhost",
                "PUT /events/send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0",
                "TRACE / HTTP/1.1\r\nHost: localhost",
                "GET /health HTTP/1.1\r\nHost: rebound.example",
                "GET /% HTTP/1.1\r\nHost: localhost",
                "GET /x HTTP/1.1",
                "GET /x HTTP/9.9",
                "GET /x\u0001 \u0001",
            })
    void everyResponseHasTheSecurityHeadersAndNotTheNameOfTheServer(String request) throws Exception {
        HandshakeProbe probe = HandshakeProbe.raw(url(), request + "\r\nConnection: close\r\n\r\n");
        assertThat(probe.header("X-Content-Type-Options")).as(probe.head()).isEqualTo("nosniff");
        assertThat(probe.header("Content-Security-Policy")).contains("frame-ancestors 'self'");
        assertThat(probe.header("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
        assertThat(probe.header("Strict-Transport-Security")).isEmpty();
        assertThat(probe.head() + probe.body()).doesNotContainIgnoringCase("server:", "grizzly", "at dev.hubbub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "%2", "a%/b", "%ff"})
    void anInvalidPathIsABadRequest(String path) throws Exception {
        assertThat(HandshakeProbe.request(url(), "GET", path, "").status()).isEqualTo(400);
    }

    private static String escaped(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\u001b", "\\u001b");
    }

    /** The JVM opens no management port, and the server listens on loopback only. */
    @Test
    void theProcessListensOnOneLoopbackPort() throws Exception {
        Path process = Path.of("/proc/" + war.process.pid());
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            for (Path file : files.toList()) {
                sockets.add(Files.readSymbolicLink(file).toString().replaceAll("socket:\\[(\\d+)]", "$1"));
            }
        }
        List<String> listening = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) { // proc(5)
            for (String line : Files.readAllLines(process.resolve(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[3].equals("0A") && sockets.contains(columns[9])) {
                    listening.add(columns[1]);
                }
            }
        }
        String port = String.format("%04X", war.url().getPort());
        assertThat(listening).hasSize(1).allMatch(address -> address.endsWith("0100007F:" + port));
    }
}
