package dev.hubbub.container;

import dev.hubbub.client.SocketIoSuite;
import java.io.File;
import java.net.URI;
import java.net.URL;
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

    static boolean onPayara() {
        return "payara".equals(System.getProperty("arquillian.launch"));
    }

    /** The WAR as the build made it. */
    static WebArchive war(String name) {
        return ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(new File(System.getProperty("hubbub.war")))
                .as(WebArchive.class);
    }

    @Override
    protected URI url() {
        String text = url.toString();
        return URI.create(text.endsWith("/") ? text : text + "/");
    }
}
