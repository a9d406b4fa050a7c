package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.Keystore;
import dev.hubbub.client.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health check in the Dockerfile, as the shell of the container runs it. */
class DockerfileIT {
    private static final Pattern CHECK = Pattern.compile("(?m)^HEALTHCHECK .*? CMD (.+)$");

    @TempDir
    private Path folder;

    @BeforeEach
    void needCurl() {
        Tools.need("curl", "curl");
    }

    private static int check(String url) throws Exception {
        Matcher check = CHECK.matcher(Files.readString(Path.of("server-config/docker/Dockerfile")));
        assertThat(check.find()).isTrue();
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", check.group(1)).inheritIO();
        shell.environment().put("HEALTH_URL", url);
        return shell.start().waitFor();
    }

    @Test
    void theCheckSucceedsWithAndWithoutTlsAndFailsWithoutAServer() throws Exception {
        String plain;
        try (WarProcess war = WarProcess.start("-Dhubbub.hosts=chat.example")) {
            plain = war.url().resolve("health/live").toString();
            assertThat(check(plain)).isZero();
        }
        assertThat(check(plain)).isEqualTo(1);
        Path keystore = folder.resolve("key.p12");
        Keystore.create(keystore);
        try (WarProcess war = WarProcess.start(
                Map.of("HUBBUB_TLS_PASSWORD", Keystore.PASSWORD, "HUBBUB_HOSTS", "chat.example"),
                "--tls-keystore",
                keystore.toString())) {
            assertThat(check(war.url().resolve("health/live").toString())).isZero();
        }
    }
}
