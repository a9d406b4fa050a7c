package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.Keystore;
import dev.hubbub.client.Tools;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in server-config, as their own programs read them. */
class ServerConfigTest {
    private static final Path CONFIG = Path.of("server-config");

    @TempDir
    private Path folder;

    @Test
    void everyYamlFileCanBeParsed() throws Exception {
        try (Stream<Path> files = Files.walk(CONFIG)) {
            List<Path> yaml =
                    files.filter(file -> file.toString().matches(".*\\.ya?ml")).toList();
            assertThat(yaml)
                    .hasSizeGreaterThan(2)
                    .allSatisfy(file -> assertThat(documents(file))
                            .as(file.toString())
                            .isNotEmpty()
                            .allMatch(Map.class::isInstance));
        }
    }

    private static List<Object> documents(Path file) throws Exception {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(Files.readString(file))
                .forEach(documents::add);
        return documents;
    }

    @Test
    void theCommandsForAKeyStoreWork() throws Exception {
        String readme = Files.readString(CONFIG.resolve("README.md"));
        List<String> commands = Pattern.compile("(?m)^(keytool|openssl) .*$")
                .matcher(readme)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(commands).hasSize(2);
        Path store = folder.resolve("hubbub.p12");
        run(commands.get(0));
        Keystore.toPem(store, folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"));
        Files.delete(store);
        Tools.need("OpenSSL", "openssl");
        run(commands.get(1));
        assertThat(KeyStore.getInstance(store.toFile(), Keystore.PASSWORD.toCharArray())
                        .isKeyEntry(Keystore.ALIAS))
                .isTrue();
    }

    private void run(String command) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .inheritIO();
        String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
        shell.environment().merge("PATH", jdk, (path, added) -> added + File.pathSeparator + path);
        Process process = shell.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void theProbesOfKubernetesAskForPathsThatExistAndSendAHostThatIsAccepted() throws Exception {
        String yaml = Files.readString(CONFIG.resolve("kubernetes/hubbub.yaml"));
        assertThat(Pattern.compile("path: (/\\S+), port: http, httpHeaders: \\[\\{name: Host, value: chat.example}]")
                        .matcher(yaml)
                        .results()
                        .map((MatchResult probe) -> probe.group(1)))
                .containsExactly("/health/started", "/health/live", "/health/ready");
        assertThat(yaml).contains("{name: HUBBUB_HOSTS, value: chat.example}");
    }

    @Test
    void systemdAcceptsTheUnit() throws Exception {
        Path program = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(program), "systemd is not installed");
        Path war = Files.createFile(folder.resolve("hubbub.war"));
        Path unit = Files.writeString(
                folder.resolve("hubbub.service"),
                Files.readString(CONFIG.resolve("systemd/hubbub.service"))
                        .replace("/opt/hubbub/hubbub.war", war.toString())
                        .replace(
                                "/usr/bin/java",
                                ProcessHandle.current().info().command().orElseThrow()));
        Process verify = new ProcessBuilder(program.toString(), "verify", "--man=no", unit.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("hubbub.service:");
    }
}
