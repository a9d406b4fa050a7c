package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** The client {@code ws} from npm, as its users have it: among other things it offers permessage-deflate, as browsers do. */
final class NodeTutorial {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path WORK = Path.of("target/js");

    private NodeTutorial() {}

    static void run(URI events) throws IOException, InterruptedException {
        Path node = Tools.need("Node", "node");
        Path npm = Tools.need("npm", "npm");
        Files.createDirectories(WORK);
        for (String file : new String[] {"package.json", "package-lock.json", "tutorial.mjs"}) {
            Files.copy(SOURCES.resolve(file), WORK.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(WORK.resolve("node_modules"))) {
            run(npm.toString(), "ci", "--no-audit", "--no-fund");
        }
        assertThat(run(node.toString(), "tutorial.mjs", events.toString())).contains("tutorial passed");
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
