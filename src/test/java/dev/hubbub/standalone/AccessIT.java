package dev.hubbub.standalone;

import dev.hubbub.client.AccessSuite;
import dev.hubbub.container.app.AccessHandlers;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, policies and limits in the standalone run. */
class AccessIT extends AccessSuite {
    @TempDir
    private static Path folder;

    private static WarProcess war;

    @BeforeAll
    static void start() throws Exception {
        Path jar = folder.resolve("access.jar");
        ShrinkWrap.create(JavaArchive.class)
                .addClasses(AccessHandlers.class, AccessHandlers.Odd.class)
                .as(ZipExporter.class)
                .exportTo(jar.toFile());
        List<String> settings = SETTINGS.entrySet().stream()
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toList();
        war = new WarProcess(settings, "--port=0", "--handlers", jar.toString());
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    @Override
    protected URI url() {
        return war.url();
    }
}
