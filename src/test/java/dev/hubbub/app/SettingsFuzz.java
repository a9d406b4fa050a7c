package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** An arbitrary value is accepted, or the message names the setting. The first byte chooses the setting. */
class SettingsFuzz {
    @FuzzTest
    void aValueIsAcceptedOrTheMessageNamesTheSetting(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Setting setting = Setting.values()[Math.floorMod(bytes[0], Setting.values().length)];
        String value = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        try {
            Settings.read(Values.from(new Values.Source("fuzz", key -> key.equals(setting.key()) ? value : null)));
        } catch (IllegalArgumentException invalid) {
            assertThat(invalid.getMessage()).contains(setting.key());
        }
    }
}
