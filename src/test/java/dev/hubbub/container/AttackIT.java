package dev.hubbub.container;

import dev.hubbub.client.AttackSuite;
import dev.hubbub.client.HubbubWar;
import java.net.URI;
import java.net.URL;
import java.util.Set;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attacks on a container. */
@ExtendWith(ArquillianExtension.class)
class AttackIT extends AttackSuite {
    @ArquillianResource
    private URL url;

    @Deployment(testable = false)
    static WebArchive deployment() {
        return HubbubWar.create("attack.war");
    }

    @Override
    protected boolean refusesMessagesByTheirHeader() {
        return Set.of("payara", "glassfish").contains(System.getProperty("arquillian.launch", ""));
    }

    @Override
    protected boolean waitsForCloseFrame() {
        return !Set.of("jetty", "wildfly").contains(System.getProperty("arquillian.launch", ""));
    }

    @Override
    protected boolean refusesMessagesBeforeTheirEnd() {
        return !System.getProperty("arquillian.launch", "").equals("liberty");
    }

    @Override
    protected boolean runsFiltersBeforeUpgrade() {
        return ContainerSuite.hasFiltersBeforeUpgrade();
    }

    @Override
    protected URI url() {
        return ContainerSuite.withSlash(url);
    }
}
