package dev.hubbub.standalone;

import dev.hubbub.client.PostgresServer;
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

/**
 * Kills the server and its database with SIGKILL while clients publish and read, and starts them again. {@code
 * -Dhubbub.kill.seconds=600} does so for ten minutes, otherwise it is done a few times.
 */
class HistoryKillIT {
    /** What was done, and the seed with which it is done again. */
    private static final Path REPORT = Path.of("target/history-kill.txt");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("hubbub.kill.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final KillChecker checker = new KillChecker();
    private final List<String> done = new ArrayList<>();
    private WarProcess war;

    @AfterEach
    void stop() {
        if (war != null) {
            war.close();
        }
    }

    private void start(List<String> settings, String option, Path value) throws Exception {
        war = new WarProcess(settings, "--port", "0", option, value.toString());
        war.url();
    }

    private URI events() {
        return war.events();
    }

    private void killNode() throws InterruptedException {
        war.process.destroyForcibly().waitFor();
        checker.lost();
    }

    private long in(int least, int most) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(least + random.nextInt(most - least));
    }

    private static long end() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("hubbub.kill.seconds", 0));
    }

    private void report(String what) throws IOException {
        Files.writeString(
                REPORT,
                "hubbub.kill.seed=" + seed + " " + done + ": " + what + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    void whatWasAcknowledgedIsInTheFileOfH2() throws Exception {
        for (int round = 0; round < 3; round++) {
            start(List.of(), "--history", folder);
            checker.connect(events());
            checker.publishUntil(in(200, 1_200));
            killNode();
        }
        start(List.of(), "--history", folder);
        checker.connect(events());
        report(checker.check(events()));
        checker.close();
    }

    /** What is killed in a round. */
    private enum Victim {
        NODE,
        DATABASE,
        /** The node starts before the database does. */
        BOTH,
        /** For longer than events wait. */
        DATABASE_FOR_LONG,
        /** Nothing: a reader leaves and returns. */
        READER
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedIsInPostgreSqlWhateverIsKilled() throws Exception {
        long end = end();
        try (PostgresServer postgres = new PostgresServer(folder)) {
            startOn(postgres);
            checker.connect(events());
            List<Victim> first = new ArrayList<>(List.of(Victim.NODE, Victim.DATABASE, Victim.BOTH, Victim.READER));
            while (!first.isEmpty() || System.nanoTime() < end) {
                Victim victim = first.isEmpty()
                        ? Victim.values()[random.nextInt(Victim.values().length)]
                        : first.remove(random.nextInt(first.size()));
                done.add(victim.name());
                checker.publishUntil(in(200, 1_500));
                kill(victim, postgres);
            }
            checker.publishUntil(in(200, 500));
            report(checker.check(events()));
            checker.close();
        } catch (Throwable failed) {
            report(failed.toString());
            throw failed;
        }
    }

    private void kill(Victim victim, PostgresServer postgres) throws Exception {
        switch (victim) {
            case NODE -> {
                killNode();
                startOn(postgres);
                checker.connect(events());
            }
            case DATABASE -> {
                postgres.kill();
                checker.publishUntil(in(10, 1_500));
                postgres.startAgain();
            }
            case DATABASE_FOR_LONG -> {
                postgres.kill();
                checker.publishUntil(in(6_000, 7_000));
                checker.publish(100); // which are refused
                checker.publishUntil(in(500, 1_000));
                postgres.startAgain();
            }
            case BOTH -> {
                postgres.kill();
                checker.publishUntil(in(10, 500));
                killNode();
                startOn(postgres);
                postgres.startAgain();
                checker.connect(events());
            }
            case READER -> checker.comeBack(random.nextInt(2), events());
        }
    }

    private void startOn(PostgresServer postgres) throws Exception {
        start(
                List.of("-Dhubbub.history=" + postgres.url(), "-Dhubbub.history-create=true"),
                "--handlers",
                PostgresServer.driver());
    }
}
