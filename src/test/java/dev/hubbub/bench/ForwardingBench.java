package dev.hubbub.bench;

import dev.hubbub.cluster.RedisServer;
import dev.hubbub.standalone.WarProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * Measures what it costs that a polling client reaches another node than its session's, as a part of {@code mvn -Pbench verify}: one
 * client polls both nodes by turns, without events and without waiting.
 */
public final class ForwardingBench {
    private static final int POLLS = Integer.getInteger("bench.polls", 20_000);
    private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]+)\"");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private ForwardingBench() {}

    public static void main(String... parameters) throws Exception {
        try (RedisServer redis = RedisServer.start();
                WarProcess home = node(redis);
                WarProcess other = node(redis);
                Http local = new Http(home.url());
                Http forwarded = new Http(other.url());
                Connection bare =
                        new Connection("127.0.0.1", URI.create(redis.url()).getPort())) {
            Matcher session = SESSION.matcher(local.get("events/poll", ""));
            if (!session.find()) {
                throw new IllegalStateException("No session");
            }
            Histogram[] times = {new Histogram(), new Histogram(), new Histogram()};
            for (int i = 0; i < 2 * POLLS; i++) {
                if (i == POLLS) {
                    for (Histogram each : times) {
                        each.clear(); // the first half has warmed up
                    }
                }
                String header = "Hubbub-Session: " + session.group(1) + "\r\n";
                long start = System.nanoTime();
                bare.executeCommand(Command.PING);
                long pinged = System.nanoTime();
                local.get("events/poll?after=1&wait=0", header);
                long polled = System.nanoTime();
                forwarded.get("events/poll?after=1&wait=0", header);
                times[0].add(pinged - start);
                times[1].add(polled - pinged);
                times[2].add(System.nanoTime() - polled);
            }
            double trip = times[0].percentile(0.5);
            double here = times[1].percentile(0.5);
            double there = times[2].percentile(0.5);
            System.out.printf(
                    "%nA poll, p50: at the session's node %.0f us, at another node %.0f us; a round trip to Redis %.0f us:"
                            + " another node costs %.1f round trips more%n",
                    here, there, trip, (there - here) / trip);
        }
    }

    private static WarProcess node(RedisServer redis) throws IOException {
        return WarProcess.start("-Dhubbub.cluster=" + redis.url(), "-Dhubbub.events-per-second=0", "-Xmx256m");
    }

    /** One connection that is kept open. */
    private static final class Http implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Http(URI url) throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        String get(String path, String headers) throws IOException {
            out.write(("GET /" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            Matcher length = LENGTH.matcher(head);
            if (!head.substring(9).startsWith("200") || !length.find()) {
                throw new IOException(head.toString());
            }
            return new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
