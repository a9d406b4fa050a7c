package dev.hubbub.container;

import dev.hubbub.client.SocketIoSuite;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.util.Set;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;

/** The protocol on a server that Arquillian has started, spoken to from outside. */
@ExtendWith(ArquillianExtension.class)
abstract class ContainerSuite extends SocketIoSuite {
    @ArquillianResource
    private URL url;

    private static final String SERVER = System.getProperty("arquillian.launch", "");

    /** Whether it is a server of the full platform, with CDI and managed threads. */
    static boolean isFullServer() {
        return Set.of("payara", "glassfish", "wildfly", "liberty").contains(SERVER);
    }

    /** Whether permessage-deflate is there, and the application's to switch on. */
    static boolean hasDeflate() {
        return Set.of("tomcat", "tomcat11", "jetty", "payara", "glassfish").contains(SERVER);
    }

    /** GlassFish 7 forgets the status of an answer without a body once a request is asynchronous. */
    @Override
    protected int accepted() {
        return SERVER.equals("glassfish") ? 200 : super.accepted();
    }

    @Override
    protected boolean hearsWhoOffersHttp2() {
        return !Set.of("payara", "glassfish").contains(SERVER);
    }

    @Override
    protected boolean awaitsAnswers() {
        return !Set.of("jetty", "wildfly").contains(SERVER);
    }

    /** An embedded Jetty starts its own parts and those of the application in random order. */
    @Override
    protected boolean filtersFirst() {
        return asksFiltersFirst();
    }

    static boolean asksFiltersFirst() {
        return !SERVER.equals("jetty");
    }

    /** Frames go out below Jakarta WebSocket where that has been built. */
    @Override
    protected boolean sendsFast() {
        return !Set.of("wildfly", "liberty").contains(SERVER);
    }

    /** The WAR as the build made it. */
    static WebArchive war(String name) {
        return ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(new File(System.getProperty("hubbub.war")))
                .as(WebArchive.class);
    }

    @Override
    protected URI url() {
        return withSlash(url);
    }

    static URI withSlash(URL url) {
        String text = url.toString();
        return URI.create(text.endsWith("/") ? text : text + "/");
    }
}
