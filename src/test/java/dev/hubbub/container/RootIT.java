package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.HubbubWar;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The WAR as the root application. */
class RootIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        return HubbubWar.atRoot(HubbubWar.create("ROOT.war"));
    }

    @Test
    void theWarIsDeployedAtTheRoot() {
        assertThat(url().getPath()).isEqualTo("/");
    }
}
