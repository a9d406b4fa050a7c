package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static Settings read(String key, String value) {
        return Settings.read(Values.from(new Values.Source("a map", Map.of(key, value)::get)));
    }

    @Test
    void settingsHaveDefaults() {
        Settings settings = Settings.read(Values.from());
        assertThat(settings.maxPayload()).isEqualTo(65_536);
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(25));
        assertThat(settings.heartbeatTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aSystemPropertyOverridesTheContainer() {
        assertThat(read("hubbub.heartbeat", " 5000 ").heartbeat()).isEqualTo(Duration.ofSeconds(5));
        System.setProperty("hubbub.heartbeat", "6000");
        try {
            assertThat(read("hubbub.heartbeat", "5000").heartbeat()).isEqualTo(Duration.ofSeconds(6));
        } finally {
            System.clearProperty("hubbub.heartbeat");
        }
    }

    @Test
    void anInvalidValueIsReportedWithTheSettingAndWhatIsAllowed() {
        assertThatThrownBy(() -> read("hubbub.max-payload", "lots"))
                .hasMessage("hubbub.max-payload is \"lots\"; allowed are 1024 to 16777216 bytes  (a map)");
        assertThatThrownBy(() -> read("hubbub.outbox-events", "1")).hasMessageContaining("16 to 1000000 events");
        assertThatThrownBy(() -> read("hubbub.trusted-proxies", "localhost"))
                .hasMessageContaining("hubbub.trusted-proxies is \"localhost\"");
        assertThatThrownBy(() -> read("hubbub.presence", "a=full,b=some"))
                .hasMessageContaining("hubbub.presence is \"a=full,b=some\"")
                .cause()
                .hasMessage("b=some is not auto, full, count or off");
        assertThatThrownBy(() -> read("hubbub.sticky-cookie", "a;b"))
                .hasMessageContaining("hubbub.sticky-cookie is \"a;b\"");
        assertThatThrownBy(() -> read("hubbub.hosts", "https://chat.example"))
                .hasMessageContaining("hubbub.hosts is \"https://chat.example\"");
        assertThatThrownBy(() -> read("hubbub.hsts", "max-age=1\r\nSet-Cookie: a=b"))
                .hasMessageContaining("hubbub.hsts is");
        assertThatThrownBy(() -> read("hubbub.presence-limit", "-1"))
                .hasMessageContaining("hubbub.presence-limit is \"-1\"");
        assertThatThrownBy(() -> read("hubbub.virtual-threads", "yes"))
                .hasMessageContaining("hubbub.virtual-threads is \"yes\"");
    }

    @Test
    void hstsIsANumberOfSecondsOrTheValueOfTheHeader() {
        assertThat(read("hubbub.hsts", "31536000").hsts()).isEqualTo("max-age=31536000");
        assertThat(read("hubbub.hsts", "max-age=1; includeSubDomains; preload").hsts())
                .isEqualTo("max-age=1; includeSubDomains; preload");
        assertThat(read("hubbub.hsts", "").hsts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:file:./data/hubbub, false",
        "jdbc:h2:mem:hubbub, false",
        "jdbc:h2:tcp://db/hubbub, true",
        "jdbc:h2:./hubbub;AUTO_SERVER=TRUE, true",
        "jdbc/hubbub, true"
    })
    void theNodesOfAClusterNeedOneDatabase(String history, boolean shared) {
        Map<String, String> values = Map.of("hubbub.cluster", "redis://127.0.0.1", "hubbub.history", history);
        Values.Source source = new Values.Source("a map", values::get);
        if (shared) {
            assertThat(Settings.read(Values.from(source)).history().database()).isEqualTo(history);
        } else {
            assertThatThrownBy(() -> Settings.read(Values.from(source)))
                    .hasMessageContaining("the nodes of a cluster need one database");
        }
    }

    @Test
    void theFirstSourceWithAValueIsUsedAndNamed() {
        Values values = Values.from(
                new Values.Source("first", Map.of("hubbub.heartbeat", "5000")::get),
                new Values.Source("second", Map.of("hubbub.heartbeat", "6000", "hubbub.log-events", "7")::get));
        assertThat(Settings.read(values).heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(values.changed())
                .containsExactly("hubbub.heartbeat = 5000  (first)", "hubbub.log-events = 7  (second)");
        assertThat(values.toString().lines())
                .hasSize(Setting.values().length)
                .contains("hubbub.heartbeat = 5000  (first)", "hubbub.max-payload = 65536  (default)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hubbub.jwt-secret | a-secret-of-thirty-two-characters                         | ***
            hubbub.api-keys   | backend:a-secret                                          | ***
            hubbub.cluster    | rediss://hubbub:a-secret@redis.example:6380/1             | rediss://hubbub:***@redis.example:6380/1
            hubbub.jwt-keys   | https://kim:a-secret@login.example/keys                   | https://kim:***@login.example/keys
            hubbub.history    | jdbc:postgresql://db/hubbub?user=hubbub&password=a-secret | jdbc:postgresql://db/hubbub?user=hubbub&password=***
            hubbub.history    | jdbc:h2:./events;USER=sa;PASSWORD=a-secret;MODE=MySQL     | jdbc:h2:./events;USER=sa;PASSWORD=***;MODE=MySQL
            hubbub.history    | jdbc:mariadb://db/hubbub?keyStorePassword=a-secret        | jdbc:mariadb://db/hubbub?keyStorePassword=***
            """)
    void secretsAreNotShown(String key, String value, String shown) {
        Values values = Values.from(new Values.Source("file", Map.of(key, value)::get));
        assertThat(values.changed()).containsExactly(key + " = " + shown + "  (file)");
        assertThat(values.shown()).containsEntry(key, shown + "  (file)");
        assertThat(values.toString()).doesNotContain("a-secret");
    }

    @Test
    void aMisspeltSystemPropertyIsReported() {
        System.setProperty("hubbub.hartbeat", "6000");
        try {
            assertThat(Values.from().unknown()).contains("hubbub.hartbeat (system property)");
        } finally {
            System.clearProperty("hubbub.hartbeat");
        }
    }

    @Test
    void aMisspeltNameIsReportedWithItsSource() {
        Values values = Values.from(
                new Values.Source(
                        "context-param",
                        key -> null,
                        () -> Set.of("hubbub.heartbeat", "hubbub.hartbeat", "jakarta.faces.PROJECT_STAGE")),
                new Values.Source(
                        "variables",
                        key -> null,
                        () -> Set.of("HUBBUB_HEARTBEAT", "HUBBUB_HARTBEAT", "HUBBUB", "HUBBUBS_HOME", "PATH")));
        assertThat(values.unknown())
                .containsSubsequence("hubbub.hartbeat (context-param)", "HUBBUB_HARTBEAT (variables)")
                .noneMatch(name -> name.contains("HEARTBEAT") || name.contains("heartbeat"))
                .noneMatch(name -> name.contains("faces") || name.contains("HOME") || name.contains("PATH"));
    }

    @Test
    void variablesThatKubernetesSetsForAServiceAreNoMisspeltSettings() {
        Values values = Values.from(new Values.Source(
                "variables",
                key -> null,
                () -> Set.of(
                        "HUBBUB_SERVICE_HOST",
                        "HUBBUB_SERVICE_PORT",
                        "HUBBUB_SERVICE_PORT_HTTP",
                        "HUBBUB_PORT",
                        "HUBBUB_PORT_8080_TCP",
                        "HUBBUB_PORT_8080_TCP_ADDR",
                        "HUBBUB_REDIS_SERVICE_HOST",
                        "HUBBUB_REDIS_PORT_6379_TCP_PROTO",
                        "HUBBUB_TLS_PASSWORD")));
        assertThat(values.unknown()).noneMatch(name -> name.endsWith("(variables)"));
    }

    @Test
    void theDocumentationListsEverySetting() throws Exception {
        String documentation = Files.readString(Path.of("src/site/markdown/settings.md"));
        for (Setting setting : Setting.values()) {
            assertThat(documentation)
                    .contains("| `" + setting.key() + "` | " + setting.defaultValue() + " | "
                            + setting.allowed().replace("|", "\\|") + " | " + setting.description() + " |");
        }
        assertThat(documentation.lines().filter(line -> line.startsWith("| `hubbub.")))
                .as("rows, each of a setting that exists")
                .hasSize(Setting.values().length);
    }
}
