package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.HubbubWar;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The unchanged WAR at a context path. */
class ContextPathIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        return HubbubWar.create("hubbub.war");
    }

    @Test
    void theWarIsDeployedAtItsContextPath() {
        // Arquillian's Jetty adapter chooses the context path itself.
        boolean onJetty = "jetty".equals(System.getProperty("arquillian.launch"));
        assertThat(url().getPath()).matches(onJetty ? "/[^/]+/" : "/hubbub/");
    }
}
