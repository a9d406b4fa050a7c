package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The unchanged WAR at a context path. */
class ContextPathIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        return war("hubbub.war");
    }

    @Test
    void isAtItsContextPath() {
        // The Arquillian adapter of Jetty makes a name up.
        boolean onJetty = "jetty".equals(System.getProperty("arquillian.launch"));
        assertThat(url().getPath()).matches(onJetty ? "/[^/]+/" : "/hubbub/");
    }
}
