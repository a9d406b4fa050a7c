package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void defaultsHold() {
        Settings settings = Settings.read(key -> null);
        assertThat(settings.maxPayload()).isEqualTo(65_536);
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(25));
        assertThat(settings.heartbeatTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theSystemPropertyWinsOverTheContainer() {
        assertThat(Settings.read(Map.of("hubbub.heartbeat", " 5000 ")::get).heartbeat())
                .isEqualTo(Duration.ofSeconds(5));
        System.setProperty("hubbub.heartbeat", "6000");
        try {
            assertThat(Settings.read(Map.of("hubbub.heartbeat", "5000")::get).heartbeat())
                    .isEqualTo(Duration.ofSeconds(6));
        } finally {
            System.clearProperty("hubbub.heartbeat");
        }
    }

    @Test
    void aBadValueNamesTheSettingTheValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.max-payload", "lots")::get))
                .hasMessage("hubbub.max-payload is \"lots\"; allowed are 1024 to 16777216 bytes");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.outbox-events", "1")::get))
                .hasMessageContaining("16 to 1000000 events");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.trusted-proxies", "localhost")::get))
                .hasMessageContaining("hubbub.trusted-proxies is \"localhost\"");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.presence", "a=full,b=some")::get))
                .hasMessageContaining("hubbub.presence is \"a=full,b=some\"")
                .cause()
                .hasMessage("b=some is not auto, full, count or off");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.sticky-cookie", "a;b")::get))
                .hasMessageContaining("hubbub.sticky-cookie is \"a;b\"");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.presence-limit", "-1")::get))
                .hasMessageContaining("hubbub.presence-limit is \"-1\"");
        assertThatThrownBy(() -> Settings.read(Map.of("hubbub.virtual-threads", "yes")::get))
                .hasMessageContaining("hubbub.virtual-threads is \"yes\"");
    }

    @Test
    void theDocumentationListsEverySettingAsItIs() throws Exception {
        String documentation = Files.readString(Path.of("src/site/markdown/settings.md"));
        for (Setting setting : Setting.values()) {
            assertThat(documentation)
                    .contains("| `" + setting.key() + "` | " + setting.defaultValue() + " | " + setting.allowed()
                            + " | " + setting.reason() + " |");
        }
    }
}
