package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hubbub.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The list of components that is attached to the WAR. */
class BomIT {
    private static final Path BOM = Path.of("target", "hubbub-bom.json");

    /** The members that are looked at. */
    record Bom(List<Component> components) {}

    record Component(String name, String version) {}

    @Test
    void theBomListsExactlyWhatTheWarContains() throws IOException {
        assumeTrue(
                Files.exists(BOM) || Boolean.getBoolean("hubbub.test.required"),
                "Maven writes the list only with a connection to its repository");
        Set<String> listed = new TreeSet<>();
        for (Component component :
                Data.parse(Files.readString(BOM)).as(Bom.class).components()) {
            listed.add(component.name() + "-" + component.version());
        }
        Set<String> contained;
        try (ZipFile war = new ZipFile(System.getProperty("hubbub.war"))) {
            contained = war.stream()
                    .map(entry -> Path.of(entry.getName()).getFileName().toString())
                    .filter(name -> name.endsWith(".jar") && !name.startsWith("hubbub-"))
                    .map(name -> name.substring(0, name.length() - ".jar".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(listed).anyMatch(name -> name.startsWith("socket.io-client-"));
        listed.removeIf(name -> name.startsWith("socket.io-client-"));
        assertThat(listed).isEqualTo(contained);
    }
}
