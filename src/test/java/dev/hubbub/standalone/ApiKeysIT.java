package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.RecordedLog;
import dev.hubbub.client.Http;
import dev.hubbub.management.HubbubMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of the HTTP API that change while Hubbub runs. */
class ApiKeysIT {
    private static final String OLD = "the-old-key-of-at-least-32-characters";
    private static final String KEPT = "the-kept-key-of-at-least-32-characters";
    private static final String NEW = "the-new-key-of-at-least-32-characters";

    @TempDir
    private Path folder;

    private Path file;
    private Standalone server;
    private HubbubMXBean hubbub;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("api-keys");
        Files.writeString(file, "# Keys of the shop\n" + OLD + "\n" + KEPT + "\n");
        System.setProperty("hubbub.api-keys", "file:" + file);
        server = Standalone.start("127.0.0.1", 0, null, Set.of());
        hubbub = JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("dev.hubbub:type=Hubbub,context=\"/\""),
                HubbubMXBean.class);
    }

    @AfterEach
    void stop() {
        System.clearProperty("hubbub.api-keys");
        if (server != null) {
            server.close();
        }
    }

    private int statusWith(String key) throws Exception {
        return Http.post(
                        server.url().resolve("api/rooms/a/events"),
                        "{\"name\":\"news\"}",
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json")
                .statusCode();
    }

    @Test
    void aRenewedFileIsRead() throws Exception {
        assertThat(statusWith(OLD)).isEqualTo(200);
        assertThat(hubbub.getSettings()).containsEntry("hubbub.api-keys", "file:" + file + "  (system property)");
        try (RecordedLog log = new RecordedLog(Level.INFO)) {
            Files.writeString(file, KEPT + "\n" + NEW + "\n\n");
            await().untilAsserted(() -> assertThat(statusWith(NEW)).isEqualTo(200));
            assertThat(statusWith(OLD)).isEqualTo(401);
            assertThat(statusWith(KEPT)).isEqualTo(200);
            assertThat(log.messages).contains("The renewed API keys in {0} are used: {1}");
        }
    }

    @Test
    void afterAWrongFileThePresentKeysRemain() throws Exception {
        try (RecordedLog log = new RecordedLog(Level.INFO)) {
            Files.writeString(file, "short");
            String warning = "The renewed API keys cannot be used, and the present ones remain: {0}";
            await().untilAsserted(() -> assertThat(log.messages).contains(warning));
            assertThat(statusWith(OLD)).isEqualTo(200);
            Files.delete(file);
            await().untilAsserted(() ->
                    assertThat(log.messages).filteredOn(warning::equals).hasSize(2));
            assertThat(statusWith(OLD)).isEqualTo(200);
        }
    }

    @Test
    void anOperatorChangesTheKeysAndNoLogShowsThem() throws Exception {
        try (RecordedLog log = new RecordedLog(Level.INFO)) {
            assertThat(hubbub.changeSetting("hubbub.api-keys", KEPT + "," + NEW))
                    .isEqualTo("***  (operator)");
            assertThat(statusWith(NEW)).isEqualTo(200);
            assertThat(statusWith(OLD)).isEqualTo(401);
            assertThatThrownBy(() -> hubbub.changeSetting("hubbub.api-keys", "secret"))
                    .hasMessageContaining("at least 32");
            assertThatThrownBy(() -> hubbub.changeSetting("hubbub.api-keys", "file:" + folder.resolve("none")))
                    .hasMessageContaining("There is no file");
            assertThat(statusWith(NEW)).isEqualTo(200);
            assertThat(hubbub.changeSetting("hubbub.api-keys", null)).startsWith("file:");
            assertThat(statusWith(OLD)).isEqualTo(200);
            assertThat(log.messages)
                    .contains("JMX changes hubbub.api-keys from file:" + file
                            + "  (system property) to ***  (operator):" + " done")
                    .contains("JMX changes hubbub.api-keys to ***: rejected")
                    .noneMatch(line -> line.contains(NEW) || line.contains("secret"));
        }
    }

    @Test
    void aMissingFileOfTheIssuersKeysIsCalledMissing() {
        server.close();
        server = null;
        System.setProperty("hubbub.jwt-keys", folder.resolve("keys.json").toString());
        try {
            assertThatThrownBy(() -> Standalone.start("127.0.0.1", 0, null, Set.of()))
                    .hasMessage("hubbub.jwt-keys cannot be used: There is no file " + folder.resolve("keys.json"));
        } finally {
            System.clearProperty("hubbub.jwt-keys");
        }
    }

    @Test
    void aMissingFileEndsTheStart() throws Exception {
        server.close();
        server = null;
        Files.delete(file);
        assertThatThrownBy(() -> Standalone.start("127.0.0.1", 0, null, Set.of()))
                .hasMessage("hubbub.api-keys cannot be used: There is no file " + file);
    }
}
