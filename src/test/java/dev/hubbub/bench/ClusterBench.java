package dev.hubbub.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Join;
import dev.hubbub.cluster.ClusterConfig;
import dev.hubbub.cluster.RedisAddress;
import dev.hubbub.cluster.RedisCluster;
import dev.hubbub.cluster.RedisServer;
import dev.hubbub.hub.LocalClient;
import dev.hubbub.hub.LocalHub;
import dev.hubbub.hub.RecordingConnection;
import dev.hubbub.hub.TestHub;
import dev.hubbub.protocol.Frame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * Measures what several nodes cost, as a part of {@code mvn -Pbench verify}: one process publishes through Redis to a member of each
 * room in another process. Redis, the publisher and the other node share the machine.
 */
public final class ClusterBench {
    private static final int ROOMS = 100;
    private static final int WINDOW = 50;
    private static final Pattern DATA = Pattern.compile("\"data\":(\\d+)");
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)");

    private final Duration duration = Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));
    private final PrintStream out = System.out;
    private final String url;

    private ClusterBench(String url) {
        this.url = url;
    }

    /** Without a parameter, starts everything; with the URL of Redis, is the other node. */
    public static void main(String... parameters) throws Exception {
        if (parameters.length > 0) {
            new ClusterBench(parameters[0]).receive();
            return;
        }
        try (RedisServer redis = RedisServer.start()) {
            Process other = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ClusterBench.class.getName(),
                            redis.url())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                new ClusterBench(redis.url()).publish(other);
            } finally {
                other.destroy();
            }
        }
        System.exit(0);
    }

    private LocalHub start() {
        return new TestHub()
                .start(RedisCluster.connect(
                        new ClusterConfig(
                                RedisAddress.parse(url),
                                "bench",
                                null,
                                Duration.ofSeconds(5),
                                1_000,
                                1 << 20,
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(5)),
                        Thread::new));
    }

    /** The members of the rooms: measures how long events have been under way. */
    private static final class Members extends RecordingConnection {
        private final Histogram histogram;

        Members(Histogram histogram) {
            this.histogram = histogram;
        }

        @Override
        public void send(Frame frame, boolean more, Sent sent) {
            Matcher data = DATA.matcher(frame.text());
            if (frame.position() != null && data.find()) {
                synchronized (histogram) {
                    histogram.add(System.nanoTime() - Long.parseLong(data.group(1)));
                }
            }
            sent.sent(null);
        }
    }

    private void receive() throws IOException {
        LocalHub hub = start();
        Histogram histogram = new Histogram();
        Members members = new Members(histogram);
        for (int room = 0; room < ROOMS; room++) {
            LocalClient client =
                    TestHub.connect(hub, members, new Handshake("127.0.0.1", Map.of(), Map.of(), Identity.ANONYMOUS));
            hub.room("room" + room)
                    .join(client, Join.PLAIN)
                    .toCompletableFuture()
                    .join();
        }
        out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            synchronized (histogram) {
                out.println(histogram.percentile(0.5) + " " + histogram.percentile(0.99));
                histogram.clear();
            }
        }
    }

    private void publish(Process other) throws Exception {
        BufferedReader answers = other.inputReader(StandardCharsets.UTF_8);
        answers.readLine();
        LocalHub hub = start();
        try (Connection redis = new Connection("127.0.0.1", Integer.parseInt(url.replaceAll(".*:", "")))) {
            publishAtFullSpeed(hub); // warms up
            double redisBefore = cpu(redis);
            long before = ownCpu();
            long events = publishAtFullSpeed(hub);
            long own = ownCpu() - before;
            double ofRedis = cpu(redis) - redisBefore;
            out.printf(
                    "%nTwo nodes, %d rooms, as many events as possible: %.0f events/s; CPU per event: Redis %.2f us,"
                            + " the node that publishes %.2f us%n",
                    ROOMS, events / (double) duration.toSeconds(), 1e6 * ofRedis / events, own / 1e3 / events);
            ask(other, answers);
            Histogram roundTrips = publishSlowly(hub, redis);
            out.printf(
                    "2,000 events/s: from publication to the member at the other node p50 and p99 %s us;"
                            + " a round trip to Redis p50 %.0f us%n",
                    ask(other, answers), roundTrips.percentile(0.5));
        } finally {
            hub.stop(Duration.ZERO, Duration.ZERO);
        }
    }

    private static String ask(Process other, BufferedReader answers) throws IOException {
        other.getOutputStream().write('\n');
        other.getOutputStream().flush();
        return answers.readLine();
    }

    private long publishAtFullSpeed(LocalHub hub) throws InterruptedException {
        AtomicLong acknowledged = new AtomicLong();
        Semaphore free = new Semaphore(ROOMS * WINDOW);
        long end = System.nanoTime() + duration.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            free.acquire();
            hub.room("room" + i % ROOMS).publish("x", System.nanoTime()).whenComplete((position, failure) -> {
                free.release();
                acknowledged.incrementAndGet();
            });
        }
        free.acquire(ROOMS * WINDOW);
        return acknowledged.get();
    }

    /** @return the round trips of commands that do nothing, meanwhile */
    private Histogram publishSlowly(LocalHub hub, Connection redis) {
        Histogram roundTrips = new Histogram();
        long start = System.nanoTime();
        for (int i = 0; i < 2_000 * duration.toSeconds(); i++) {
            long due = start + i * 500_000L;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            hub.room("room" + i % ROOMS).publish("x", System.nanoTime());
            if (i % 10 == 5) {
                long begun = System.nanoTime();
                redis.executeCommand(Command.PING);
                roundTrips.add(System.nanoTime() - begun);
            }
        }
        return roundTrips;
    }

    private static double cpu(Connection redis) {
        Matcher used = CPU.matcher(new String(
                (byte[]) redis.executeCommand(new CommandArguments(Command.INFO).add("cpu")), StandardCharsets.UTF_8));
        double seconds = 0;
        while (used.find()) {
            seconds += Double.parseDouble(used.group(1));
        }
        return seconds;
    }

    private static long ownCpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
