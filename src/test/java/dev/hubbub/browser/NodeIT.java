package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.Tools;
import dev.hubbub.standalone.WarProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that come from npm, as their users have them. */
class NodeIT {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path WORK = Path.of("target/js");

    @Test
    void theClientOfWsSpeaksTheTutorialsFrames() throws Exception {
        Path node = Tools.need("Node", "node");
        Path npm = Tools.need("npm", "npm");
        Files.createDirectories(WORK);
        for (String file : new String[] {"package.json", "package-lock.json", "tutorial.mjs"}) {
            Files.copy(SOURCES.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(npm.toString(), "ci", "--no-audit", "--no-fund");
        try (WarProcess war = WarProcess.start()) {
            String url = war.url().toString().replace("http", "ws") + "events";
            assertThat(run(node.toString(), "tutorial.mjs", url)).contains("tutorial passed");
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(WORK, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0)
                .as(String.join(" ", command) + "\n" + text)
                .isTrue();
        return text;
    }
}
