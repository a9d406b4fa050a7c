package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The application of the guide compiles, and its tests pass. */
class FirstApplicationTest {
    @Test
    void theTestsOfTheGuidePass(@TempDir Path folder) throws Exception {
        Path application = FirstApplication.write(folder);
        Path classes = folder.resolve("classes");
        Sources.compile(application.resolve("src/main/java"), classes);
        Sources.compile(application.resolve("src/test/java"), classes);
        TestExecutionSummary summary;
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(loader.loadClass("com.example.auction.AuctionTest")))
                                    .build(),
                            listener);
            summary = listener.getSummary();
        }
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(3);
    }

    @Test
    void theGuideNamesTheVersionsOfThisBuild() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String guide = Files.readString(Path.of("src/site/markdown/first-application.md"));
        assertThat(guide)
                .contains("<hubbub.version>" + pom.replaceAll("(?s).*?<version>([^<]*)</version>.*", "$1"))
                .contains("tomcat:" + version(pom, "tomcat.version") + ":zip")
                .contains("<version>" + version(pom, "junit.version") + "</version>");
    }

    private static String version(String pom, String property) {
        return pom.replaceAll("(?s).*<" + property + ">([^<]*)</.*", "$1");
    }
}
