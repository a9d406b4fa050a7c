package dev.hubbub.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.Http;
import dev.hubbub.standalone.WarProcess;
import java.net.URI;
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
 * Hundreds of clients join, leave, publish, disconnect and reconnect at random, and check each event that they receive. The test
 * takes {@code -Dhubbub.soak.seconds}, 60 by default.
 */
class SoakIT {
    private static final int CLIENTS = 300;
    private static final int THREADS = 4;
    private static final int ROOMS = 12;

    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final List<List<SoakClient>> clientsOfThreads = new ArrayList<>();
    private final AtomicLong actions = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void membersReceiveEveryEventOnceInOrderAndKnowEachOther() throws Exception {
        long seed = Long.getLong("hubbub.soak.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("hubbub.soak.seconds", 60))
                        .toNanos();
        try (WarProcess war = WarProcess.start("-Dhubbub.presence-limit=" + CLIENTS)) {
            URI events = war.events();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                List<SoakClient> clients = new ArrayList<>();
                clientsOfThreads.add(clients);
                Random random = new Random(seed + t);
                Thread thread = new Thread(() -> drive(clients, events, random, end), "soak-" + t);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(faults).as("seed " + seed).isEmpty();
            List<SoakClient> all =
                    clientsOfThreads.stream().flatMap(List::stream).toList();
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
        System.out.println("soak: " + actions + " actions, " + received
                + " events received by the clients still connected, seed " + seed);
        assertThat(faults).as("seed " + seed).isEmpty();
        assertThat(actions.get()).isGreaterThan(1_000);
    }

    private void drive(List<SoakClient> clients, URI events, Random random, long end) {
        try {
            while (System.nanoTime() < end && faults.isEmpty()) {
                if (clients.size() < CLIENTS / THREADS) {
                    clients.add(new SoakClient(events, faults));
                }
                SoakClient client = clients.get(random.nextInt(clients.size()));
                String room = "room-" + random.nextInt(ROOMS);
                boolean joined = client.rooms.containsKey(room);
                int choice = random.nextInt(100);
                actions.incrementAndGet();
                if (!joined) {
                    client.ask("join", room);
                } else if (choice < 80) {
                    client.publish(room);
                } else if (choice < 96) {
                    client.ask("leave", room);
                } else {
                    clients.remove(client);
                    if (choice < 98) {
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

    /** All members of a room must know the same position and the same members, which are those that joined it. */
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
        return Http.get(url.resolve("health")).body();
    }
}
