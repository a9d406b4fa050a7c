package dev.hubbub.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates the load of a {@link Scenario} with one thread, and checks each delivery: every member gets each message of a
 * publisher once and in order. A text is {@code <publisher>|<number>|<time>|xxx...}.
 */
final class Load implements Connection.Receiver, AutoCloseable {
    private static final byte[] HELLO = "\"hello\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = "\"text\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final String PADDING = "x".repeat(60);
    /** Connections that are being opened at the same time. */
    private static final int MAX_OPENING = 64;

    private static final long LIMIT = Duration.ofMinutes(1).toNanos();

    private final Scenario scenario;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    private final List<Connection> connections = new ArrayList<>();
    private final int[] members;
    private final boolean[] joined;
    private int joins;

    // The publisher of a room has the number of the room, and is its first member.
    private final long[] published;
    private final long[] completed;
    /** By client, the number of the next message of the publisher of its room. */
    private final long[] expected;
    /** By publisher and number modulo the size, how many members have still to get the message. */
    private final int[][] missing;

    private Histogram times = new Histogram();
    private long delivered;
    private long lost;
    private long repeated;

    Load(Scenario scenario) throws IOException {
        this.scenario = scenario;
        members = new int[scenario.rooms()];
        joined = new boolean[scenario.clients()];
        published = new long[scenario.publishers()];
        completed = new long[scenario.publishers()];
        expected = new long[scenario.clients()];
        missing = new int[scenario.publishers()][1 << 14];
    }

    /**
     * @param delivered messages, counted once for each member
     * @param cpu what the server has used
     * @param p50 microseconds from publication to receipt, as {@code p99}
     * @param lost deliveries that never came, since the start
     * @param repeated deliveries that came twice, or too late
     */
    record Result(long delivered, Duration time, Duration cpu, double p50, double p99, long lost, long repeated) {}

    /** Connects all clients and has them join. @return joins per second */
    double join(URI url) throws IOException {
        long start = System.nanoTime();
        while (joins < scenario.clients()) {
            while (connections.size() < scenario.clients() && connections.size() - joins < MAX_OPENING) {
                int index = connections.size();
                int room = index % scenario.rooms();
                members[room]++;
                connections.add(new Connection(this, selector, url, index, room));
            }
            select(10);
            if (System.nanoTime() - start > LIMIT) {
                throw new IOException("Only " + joins + " clients have joined");
            }
        }
        return joins / ((System.nanoTime() - start) / 1e9);
    }

    /** Publishes for this time, and waits until everything is delivered. */
    Result run(Duration duration, Server server) throws IOException {
        times = new Histogram();
        long before = delivered;
        Duration cpu = server.cpu();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long[] base = published.clone();
        for (long now = start; now < end; now = System.nanoTime()) {
            for (int publisher = 0; publisher < published.length; publisher++) {
                long allowed = scenario.rate() > 0
                        ? base[publisher] + (now - start) * scenario.rate() / 1_000_000_000L
                        : completed[publisher] + scenario.window();
                while (published[publisher] < allowed
                        && published[publisher] - completed[publisher] < missing[0].length) {
                    publish(publisher);
                }
            }
            select(scenario.rate() > 0 ? 1 : 100);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        Duration used = server.cpu().minus(cpu);
        long count = delivered - before;
        settle();
        return new Result(count, time, used, times.percentile(0.5), times.percentile(0.99), lost, repeated);
    }

    private void settle() throws IOException {
        long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        for (int publisher = 0; publisher < published.length; publisher++) {
            while (completed[publisher] < published[publisher] && System.nanoTime() < limit) {
                select(10);
            }
            lost += published[publisher] - completed[publisher];
        }
    }

    private void select(long millis) throws IOException {
        selector.select(millis);
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).ready(buffer);
        }
        selector.selectedKeys().clear();
    }

    private void publish(int publisher) throws IOException {
        long number = published[publisher]++;
        missing[publisher][(int) (number % missing[publisher].length)] = members[publisher];
        connections
                .get(publisher)
                .send("{\"name\":\"message\",\"data\":{\"room\":\"r" + publisher + "\",\"text\":\"" + publisher + '|'
                        + number + '|' + System.nanoTime() + '|' + PADDING + "\"}}");
    }

    @Override
    public void upgraded(Connection connection) throws IOException {
        connection.send("{\"name\":\"join\",\"data\":{\"room\":\"r" + connection.room + "\"}}");
    }

    @Override
    public void received(Connection connection, byte[] bytes, int start, int end) {
        if (!joined[connection.index]) {
            if (Connection.indexOf(bytes, start, end, HELLO) >= 0) {
                joined[connection.index] = true;
                joins++;
            }
            return;
        }
        int at = Connection.indexOf(bytes, start, end, TEXT);
        if (at < 0) {
            return; // somebody has joined
        }
        long[] numbers = numbers(bytes, at + TEXT.length, end);
        int publisher = (int) numbers[0];
        long number = numbers[1];
        if (publisher != connection.room || number < expected[connection.index]) {
            repeated++;
            return;
        }
        lost += number - expected[connection.index];
        expected[connection.index] = number + 1;
        delivered++;
        times.add(System.nanoTime() - numbers[2]);
        int slot = (int) (number % missing[publisher].length);
        if (--missing[publisher][slot] == 0) {
            completed[publisher]++;
        }
    }

    /** Three numbers, each followed by a bar. */
    private static long[] numbers(byte[] bytes, int start, int end) {
        long[] numbers = new long[3];
        int at = start;
        for (int i = 0; i < numbers.length; i++, at++) {
            for (; at < end && bytes[at] != '|'; at++) {
                numbers[i] = numbers[i] * 10 + bytes[at] - '0';
            }
        }
        return numbers;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
