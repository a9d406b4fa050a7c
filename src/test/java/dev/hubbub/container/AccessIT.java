package dev.hubbub.container;

import dev.hubbub.client.AccessSuite;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.container.app.AccessHandlers;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;

/** Authentication, room policies, and limits on a container. */
@ExtendWith(ArquillianExtension.class)
class AccessIT extends AccessSuite {
    @ArquillianResource
    private URL url;

    @Deployment(testable = false)
    static WebArchive deployment() {
        return HubbubWar.create("access.war")
                .addClasses(AccessHandlers.class, AccessHandlers.Met.class, AccessHandlers.Odd.class)
                .setWebXML(new StringAsset("<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">"
                        + SETTINGS.entrySet().stream().map(AccessIT::parameter).collect(Collectors.joining())
                        + "</web-app>"));
    }

    private static String parameter(Map.Entry<String, String> setting) {
        return "<context-param><param-name>" + setting.getKey() + "</param-name><param-value>" + setting.getValue()
                + "</param-value></context-param>";
    }

    @Override
    protected URI url() {
        return ContainerSuite.withSlash(url);
    }

    @Override
    protected boolean runsFiltersBeforeUpgrade() {
        return ContainerSuite.hasFiltersBeforeUpgrade();
    }
}
