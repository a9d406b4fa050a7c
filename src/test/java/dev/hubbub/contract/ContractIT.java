package dev.hubbub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.NodeScripts;
import dev.hubbub.standalone.WarProcess;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract by the tools that read it: the parser of AsyncAPI, and the compiler of TypeScript. */
class ContractIT {
    @Test
    void theParserOfAsyncApiAcceptsTheContract() throws Exception {
        Files.createDirectories(NodeScripts.work());
        Files.writeString(NodeScripts.work().resolve("shop.json"), AsyncApi.write(Contract.of(Shop.CLASSES, true)));
        Files.writeString(NodeScripts.work().resolve("built-in.json"), AsyncApi.write(Contract.of(List.of(), true)));
        Files.writeString(NodeScripts.work().resolve("none.json"), AsyncApi.write(Contract.of(List.of(), false)));
        assertThat(NodeScripts.run(60, "asyncapi.mjs", "shop.json", "built-in.json", "none.json"))
                .contains("asyncapi passed");
    }

    @Test
    void theTypesFitTheClient() throws Exception {
        Files.createDirectories(NodeScripts.work());
        Files.writeString(
                NodeScripts.work().resolve("hubbub-events.d.ts"), TypeScript.write(Contract.of(Shop.CLASSES, true)));
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
                "events.ts");
    }

    @Test
    void theCommandLinePrintsTheContract() throws Exception {
        try (WarProcess war = new WarProcess(List.of(), "--print-asyncapi")) {
            assertThat(war.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(war.process.exitValue()).isZero();
            assertThat(String.join("\n", war.output) + "\n").isEqualTo(AsyncApi.write(Contract.of(List.of(), true)));
        }
    }
}
