package dev.hubbub.cluster;

import dev.hubbub.client.PostgresServer;
import dev.hubbub.standalone.KillChecker;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/**
 * Kills two nodes, Redis and the database with SIGKILL, or stops a node for a while, while clients publish and read, and starts them
 * again; Redis comes back empty or with old contents. {@code -Dhubbub.kill.seconds=600} does so for ten minutes, otherwise it is
 * done a few times.
 */
class ClusterKillIT {
    /** What was done, and the seed with which it is done again. */
    private static final Path REPORT = Path.of("target/cluster-kill.txt");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("hubbub.kill.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** Longer than a node may be silent, if there is time. */
    private final int pauseMillis = Long.getLong("hubbub.kill.seconds", 0) == 0 ? 2_000 : 25_000;

    private final KillChecker checker = new KillChecker();
    private final List<String> done = new ArrayList<>();
    private final WarProcess[] nodes = new WarProcess[2];
    private RedisServer redis;

    @AfterEach
    void stop() {
        for (WarProcess node : nodes) {
            if (node != null) {
                node.close();
            }
        }
        if (redis != null) {
            redis.close();
        }
    }

    private enum Victim {
        NODE,
        DATABASE,
        REDIS,
        /** Redis comes back as it was some time ago. */
        OLD_REDIS,
        /** Redis dies while a node is away. */
        NODE_AND_REDIS,
        /** A node is stopped for a while, and is taken for dead by the other one if it takes long. */
        PAUSED_NODE,
        /** Nothing: a reader leaves and returns to the other node. */
        READER
    }

    private void start(int node, PostgresServer postgres) throws Exception {
        nodes[node] = new WarProcess(
                List.of(
                        "-Dhubbub.cluster=" + redis.url(),
                        "-Dhubbub.history=" + postgres.url(),
                        "-Dhubbub.history-create=true"),
                "--port",
                "0",
                "--handlers",
                PostgresServer.driver().toString());
        nodes[node].url();
    }

    private long in(int least, int most) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(least + random.nextInt(most - least));
    }

    private void report(String what) throws IOException {
        Files.writeString(
                REPORT,
                "hubbub.kill.seed=" + seed + " " + done + ": " + what + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedIsStoredAndReadInOrderWhateverIsKilled() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("hubbub.kill.seconds", 0));
        redis = RedisServer.start();
        try (PostgresServer postgres = new PostgresServer(folder)) {
            start(0, postgres);
            start(1, postgres);
            checker.connect(nodes[0].events(), nodes[1].events());
            List<Victim> first = new ArrayList<>(List.of(Victim.values()));
            while (!first.isEmpty() || System.nanoTime() < end) {
                Victim victim = first.isEmpty()
                        ? Victim.values()[random.nextInt(Victim.values().length)]
                        : first.remove(random.nextInt(first.size()));
                done.add(victim.name());
                checker.publishUntil(in(200, 1_500));
                kill(victim, postgres);
            }
            checker.publishUntil(in(200, 500));
            report(checker.check(nodes[random.nextInt(2)].events()));
            checker.close();
        } catch (Throwable failed) {
            report(failed.toString());
            for (WarProcess node : nodes) {
                report("the log of a node: " + String.join("\n", node.output));
            }
            throw failed;
        }
    }

    private void kill(Victim victim, PostgresServer postgres) throws Exception {
        int node = random.nextInt(2);
        URI other = nodes[1 - node].events();
        switch (victim) {
            case NODE -> {
                killNode(node, other);
                checker.publishUntil(in(10, 1_000));
                start(node, postgres);
            }
            case DATABASE -> {
                postgres.kill();
                checker.publishUntil(in(10, 1_500));
                postgres.startAgain();
            }
            case REDIS -> {
                redis.killAndForget();
                checker.publishUntil(in(10, 1_500));
                redis.restart();
            }
            case OLD_REDIS -> {
                redis.command(Command.SAVE);
                checker.publishUntil(in(10, 1_500));
                redis.kill();
                checker.publishUntil(in(10, 1_500));
                redis.restart();
            }
            case NODE_AND_REDIS -> {
                nodes[node].process.destroyForcibly().waitFor();
                URI killed = nodes[node].events();
                redis.killAndForget();
                redis.restart();
                checker.move(killed, other);
                start(node, postgres);
            }
            case PAUSED_NODE -> {
                nodes[node].signal("STOP");
                checker.publishUntil(in(10, pauseMillis));
                nodes[node].signal("CONT");
                checker.publishUntil(in(200, 1_500));
                checker.returnLost(other);
            }
            case READER -> checker.comeBack(random.nextInt(2), other);
        }
    }

    private void killNode(int node, URI other) throws InterruptedException {
        nodes[node].process.destroyForcibly().waitFor();
        checker.move(nodes[node].events(), other);
    }
}
