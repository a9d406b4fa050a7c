package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.NodeScripts;
import dev.hubbub.client.Tools;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code hubbub.js}: its size, its types, and its behaviour behind a network that fails, in Node and in Chromium. */
class ClientModuleIT {
    private static final int MAX_COMPRESSED = 12 * 1024;

    /** Scenarios that take minutes run with {@code -Dhubbub.chaos=long}; all of the others with {@code -Dhubbub.chaos=all}. */
    private static final String EXTENT = System.getProperty("hubbub.chaos", "");

    @Test
    void theModuleIsSmall() throws Exception {
        String minified = NodeScripts.npx("terser", "hubbub.js", "--module", "--compress", "--mangle");
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(minified.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(compressed.size()).isBetween(1024, MAX_COMPRESSED);
    }

    @Test
    void theTypesDescribeTheModule() throws Exception {
        NodeScripts.npx(
                "tsc",
                "--noEmit",
                "--strict",
                "--target",
                "es2022",
                "--module",
                "nodenext",
                "--lib",
                "es2022,dom",
                "types.ts");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theModuleDoesWhatItsDocumentationSays() throws Exception {
        Path chromium = Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path war = Path.of(System.getProperty("hubbub.war")).toAbsolutePath();
        String output = NodeScripts.run(
                600,
                "client.mjs",
                "--java",
                java.toString(),
                "--war",
                war.toString(),
                "--chromium",
                chromium.toString());
        assertThat(output).contains("# fail 0");
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void clientsLoseNothingWhateverTheNetworkDoes() throws Exception {
        Path chromium = Tools.need("Chromium", "chromium", "chromium-browser", "google-chrome");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path war = Path.of(System.getProperty("hubbub.war")).toAbsolutePath();
        String extent = EXTENT.isEmpty() ? "--quick" : EXTENT.equals("long") ? "--long" : "--all";
        String output = NodeScripts.run(
                1_800,
                "chaos.mjs",
                "--java",
                java.toString(),
                "--war",
                war.toString(),
                "--chromium",
                chromium.toString(),
                extent);
        Files.writeString(NodeScripts.work().resolve("chaos.txt"), output);
        output.lines()
                .filter(line -> line.startsWith("Passed at the second try"))
                .forEach(System.out::println);
        assertThat(output).contains("chaos passed");
    }
}
