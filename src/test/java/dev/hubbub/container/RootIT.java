package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The WAR as the root application. */
class RootIT extends ContainerSuite {
    @Deployment(testable = false)
    static WebArchive deployment() {
        WebArchive war = war("ROOT.war");
        if (onPayara()) {
            // Tomcat goes by the file's name; in Payara one says it at deployment, which the adapter does by this file.
            war.addAsWebInfResource(
                    new StringAsset("<payara-web-app><context-root>/</context-root></payara-web-app>"),
                    "payara-web.xml");
        }
        return war;
    }

    @Test
    void isAtTheRoot() {
        assertThat(url().getPath()).isEqualTo("/");
    }
}
