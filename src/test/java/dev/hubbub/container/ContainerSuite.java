package dev.hubbub.container;

import dev.hubbub.client.SocketIoSuite;
import java.net.URI;
import java.net.URL;
import java.util.Set;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.junit.jupiter.api.extension.ExtendWith;

/** The protocol on a server that Arquillian starts. */
@ExtendWith(ArquillianExtension.class)
abstract class ContainerSuite extends SocketIoSuite {
    @ArquillianResource
    private URL url;

    private static final String SERVER = System.getProperty("arquillian.launch", "");

    /** Whether the server implements the Jakarta EE Platform, with CDI and managed threads. */
    static boolean isFullServer() {
        return Set.of("payara", "glassfish", "wildfly", "liberty").contains(SERVER);
    }

    /** Whether the server supports permessage-deflate and lets an application enable it. */
    static boolean supportsCompression() {
        return Set.of("tomcat", "tomcat11", "jetty", "payara", "glassfish").contains(SERVER);
    }

    /** GlassFish 7 loses the status of a response without a body if the request is asynchronous. */
    @Override
    protected int noContentStatus() {
        return SERVER.equals("glassfish") ? 200 : super.noContentStatus();
    }

    @Override
    protected boolean answersRequestsThatOfferHttp2() {
        return !Set.of("payara", "glassfish").contains(SERVER);
    }

    @Override
    protected boolean readsFramesWhereverTheyAreCut() {
        return !SERVER.equals("liberty");
    }

    @Override
    protected boolean waitsForCloseFrame() {
        return !Set.of("jetty", "wildfly").contains(SERVER);
    }

    /** An embedded Jetty starts its own filters and those of the application in random order. */
    @Override
    protected boolean runsFiltersBeforeUpgrade() {
        return hasFiltersBeforeUpgrade();
    }

    static boolean hasFiltersBeforeUpgrade() {
        return !SERVER.equals("jetty");
    }

    /** Hubbub does not write below Jakarta WebSocket on WildFly and Liberty. */
    @Override
    protected boolean writesBelowJakartaWebSocket() {
        return !Set.of("wildfly", "liberty").contains(SERVER);
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
