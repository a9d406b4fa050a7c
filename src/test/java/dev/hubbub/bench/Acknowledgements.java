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

/** Publishes with one thread, and measures the time from each publication to its acknowledgement. */
final class Acknowledgements implements Connection.Receiver, AutoCloseable {
    private static final byte[] HELLO = "\"hello\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACK = "\"ack\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);
    private static final String PADDING = "x".repeat(60);
    private static final int RING = 1 << 14;
    private static final long LIMIT = Duration.ofMinutes(1).toNanos();

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
    private final List<Connection> publishers = new ArrayList<>();
    private final String prefix;
    private final long[] published;
    private final long[] acknowledged;
    /** By publisher and number modulo the size, when the event was published. */
    private final long[][] times;

    private int joined;
    private Histogram histogram = new Histogram();
    private String error;

    /** @param prefix of the rooms, of which each publisher has one */
    Acknowledgements(int publishers, String prefix) throws IOException {
        this.prefix = prefix;
        published = new long[publishers];
        acknowledged = new long[publishers];
        times = new long[publishers][RING];
    }

    /**
     * @param perSecond acknowledged events
     * @param cpu microseconds of the server for each event
     * @param p50 microseconds, as {@code p99}
     */
    record Result(double perSecond, double cpu, double p50, double p99) {}

    void join(URI url) throws IOException {
        for (int i = 0; i < published.length; i++) {
            publishers.add(new Connection(this, selector, url, i, i));
        }
        long start = System.nanoTime();
        while (joined < published.length) {
            select(10);
            if (System.nanoTime() - start > LIMIT) {
                throw new IOException("Only " + joined + " clients have joined");
            }
        }
    }

    /**
     * @param rate events per second of all publishers; 0 for as many as the window permits
     * @param window events of a publisher that are not acknowledged
     */
    Result run(Duration duration, int rate, int window, Server server) throws IOException {
        histogram = new Histogram();
        long before = sum(acknowledged);
        Duration cpu = server.cpu();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long sent = 0;
        int next = 0;
        for (long now = start; now < end; now = System.nanoTime()) {
            long allowed = rate == 0 ? Long.MAX_VALUE : (now - start) * rate / 1_000_000_000L;
            for (int tried = 0; sent < allowed && tried < published.length; tried++) {
                next = (next + 1) % published.length;
                if (published[next] - acknowledged[next] < window) {
                    publish(next);
                    sent++;
                    tried = -1;
                }
            }
            select(1);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long count = sum(acknowledged) - before;
        Duration used = server.cpu().minus(cpu);
        settle();
        return new Result(
                count / seconds,
                used.toNanos() / 1e3 / Math.max(1, count),
                histogram.percentile(0.5),
                histogram.percentile(0.99));
    }

    private void settle() throws IOException {
        long limit = System.nanoTime() + LIMIT;
        while (sum(published) > sum(acknowledged)) {
            select(10);
            if (System.nanoTime() > limit) {
                throw new IOException("Events were not acknowledged");
            }
        }
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private void publish(int publisher) throws IOException {
        long number = published[publisher]++;
        times[publisher][(int) (number % RING)] = System.nanoTime();
        publishers
                .get(publisher)
                .send("{\"name\":\"message\",\"id\":" + number + ",\"data\":{\"room\":\"" + prefix + publisher
                        + "\",\"text\":\"" + PADDING + "\"}}");
    }

    private void select(long millis) throws IOException {
        selector.select(millis);
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).ready(buffer);
        }
        selector.selectedKeys().clear();
        if (error != null) {
            throw new IOException("The server has answered " + error);
        }
    }

    @Override
    public void upgraded(Connection connection) throws IOException {
        connection.send("{\"name\":\"join\",\"data\":{\"room\":\"" + prefix + connection.room + "\"}}");
    }

    @Override
    public void received(Connection connection, byte[] bytes, int start, int end) {
        int name = Math.min(end, start + 20);
        if (Connection.indexOf(bytes, start, name, ACK) >= 0) {
            long number = 0;
            for (int i = Connection.indexOf(bytes, start, end, ID) + ID.length;
                    bytes[i] >= '0' && bytes[i] <= '9';
                    i++) {
                number = 10 * number + bytes[i] - '0';
            }
            histogram.add(System.nanoTime() - times[connection.index][(int) (number % RING)]);
            acknowledged[connection.index]++;
        } else if (Connection.indexOf(bytes, start, name, HELLO) >= 0) {
            joined++;
        } else if (Connection.indexOf(bytes, start, name, ERROR) >= 0) {
            error = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : publishers) {
            connection.close();
        }
        selector.close();
    }
}
