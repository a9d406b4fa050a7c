package dev.hubbub.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.standalone.WarProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hundreds of clients join, leave, talk, vanish and come back at random, each checking what it is told. As long as
 * {@code -Dhubbub.soak.seconds} says, 60 by default.
 */
class SoakIT {
    private static final int CLIENTS = 300;
    private static final int THREADS = 4;
    private static final int ROOMS = 12;

    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final List<List<SoakClient>> crowds = new ArrayList<>();
    private final AtomicLong actions = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void everybodyHearsEverythingOnceInOrderAndKnowsWhoIsThere() throws Exception {
        long seed = Long.getLong("hubbub.soak.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("hubbub.soak.seconds", 60))
                        .toNanos();
        try (WarProcess war = WarProcess.start("-Dhubbub.presence-limit=" + CLIENTS)) {
            URI events = URI.create(war.url().toString().replace("http", "ws") + "events");
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                List<SoakClient> crowd = new ArrayList<>();
                crowds.add(crowd);
                Random random = new Random(seed + t);
                Thread thread = new Thread(() -> drive(crowd, events, random, end), "soak-" + t);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(faults).as("seed " + seed).isEmpty();
            List<SoakClient> all = crowds.stream().flatMap(List::stream).toList();
            for (SoakClient client : all) {
                client.ask("echo", "");
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> compare(all));
            for (SoakClient client : all) {
                received.addAndGet(client.received);
                client.close();
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(health(war.url())).contains("\"clients\":0,\"rooms\":0,"));
            assertThat(war.output).noneMatch(line -> line.contains(" SEVERE ") || line.contains(" ERROR "));
        }
        System.out.println(
                "soak: " + actions + " actions, " + received + " events received by those who stayed, seed " + seed);
        assertThat(faults).as("seed " + seed).isEmpty();
        assertThat(actions.get()).isGreaterThan(1_000);
    }

    private void drive(List<SoakClient> crowd, URI events, Random random, long end) {
        try {
            while (System.nanoTime() < end && faults.isEmpty()) {
                if (crowd.size() < CLIENTS / THREADS) {
                    crowd.add(new SoakClient(events, faults));
                }
                SoakClient client = crowd.get(random.nextInt(crowd.size()));
                String room = "room-" + random.nextInt(ROOMS);
                boolean in = client.rooms.containsKey(room);
                int dice = random.nextInt(100);
                actions.incrementAndGet();
                if (!in) {
                    client.ask("join", room);
                } else if (dice < 80) {
                    client.publish(room);
                } else if (dice < 96) {
                    client.ask("leave", room);
                } else {
                    crowd.remove(client);
                    if (dice < 98) {
                        client.abort();
                    } else {
                        client.close();
                    }
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            faults.add(Thread.currentThread().getName() + ": " + e);
        }
    }

    /** All members of a room must agree on where it stands and who is in, and that must be who thinks to be in. */
    private void compare(List<SoakClient> all) {
        Map<String, Set<String>> members = new HashMap<>();
        Map<String, Set<Long>> positions = new HashMap<>();
        for (SoakClient client : all) {
            client.views().forEach((room, view) -> {
                members.computeIfAbsent(room, r -> new HashSet<>()).add(client.id());
                positions.computeIfAbsent(room, r -> new HashSet<>()).add(view.position);
            });
        }
        for (SoakClient client : all) {
            client.views()
                    .forEach((room, view) -> assertThat(view.members)
                            .as(room + " of " + client.id())
                            .isEqualTo(members.get(room)));
        }
        assertThat(positions.values())
                .allSatisfy(position -> assertThat(position).hasSize(1));
        assertThat(members).hasSize(ROOMS);
    }

    private static String health(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url.resolve("health"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
