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
        // Tomcat and WildFly go by the file's name; elsewhere one says it at deployment, or by a file of the server's
        // own.
        return war("ROOT.war")
                .addAsWebInfResource(rootOf("payara-web-app"), "payara-web.xml")
                .addAsWebInfResource(rootOf("glassfish-web-app"), "glassfish-web.xml");
    }

    private static StringAsset rootOf(String element) {
        return new StringAsset("<" + element + "><context-root>/</context-root></" + element + ">");
    }

    @Test
    void isAtTheRoot() {
        assertThat(url().getPath()).isEqualTo("/");
    }
}
