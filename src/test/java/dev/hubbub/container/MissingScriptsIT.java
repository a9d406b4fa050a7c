package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.Http;
import dev.hubbub.client.HubbubWar;
import java.net.URL;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A WAR that was built without npm, in an application that contains one of the scripts, and pages of its own. */
@ExtendWith(ArquillianExtension.class)
class MissingScriptsIT {
    @ArquillianResource
    private URL url;

    @Deployment(testable = false)
    static WebArchive deployment() {
        // An embedded Tomcat would also serve resources on the class path of the test.
        StringAsset tomcat = new StringAsset("<Context><JarScanner scanClassPath=\"false\"/></Context>");
        return HubbubWar.withoutScripts("scripts.war")
                .addAsManifestResource(tomcat, "context.xml")
                .addAsWebResource(new StringAsset("// its own"), "socket.io/socket.io.js")
                .addAsWebResource(new StringAsset("own favicon"), "favicon.svg")
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "pages.jar")
                        .addAsResource(new StringAsset("own transports"), "META-INF/resources/transports.html"))
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <context-param>
                            <param-name>hubbub.pages</param-name>
                            <param-value>false</param-value>
                          </context-param>
                          <context-param>
                            <param-name>hubbub.builtin</param-name>
                            <param-value>false</param-value>
                          </context-param>
                        </web-app>
                        """));
    }

    @Test
    void onlyPagesOfTheApplicationAreServedIfHubbubsAreOff() throws Exception {
        assertThat(get("chat/chat.js").statusCode()).isEqualTo(404);
        assertThat(get("index.html").statusCode()).isEqualTo(404);
        assertThat(get("").statusCode()).isEqualTo(404);
        assertThat(get("transports.html").body()).isEqualTo("own transports");
        assertThat(get("favicon.svg").body()).isEqualTo("own favicon");
        assertThat(get("hubbub.js").body()).contains("export function connect");
    }

    @Test
    void onlyEventsOfTheApplicationAreHandledIfTheBuiltInOnesAreOff() {
        try (EventClient kim = EventClient.connect(EventClient.events(ContainerSuite.withSlash(url)))) {
            kim.send("{\"name\":\"join\",\"id\":1}");
            assertThat(kim.next("error").data().string("code")).isEqualTo("unknown-event");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.get(ContainerSuite.withSlash(url).resolve(path));
    }

    @Test
    void aMissingScriptIsAnsweredWithAHint() throws Exception {
        HttpResponse<String> answer = get("socket.io/socket.io.min.js");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(answer.body()).contains("npm was not available");
    }

    @Test
    void aScriptOfTheApplicationIsServed() throws Exception {
        HttpResponse<String> answer = get("socket.io/socket.io.js");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        assertThat(answer.body()).isEqualTo("// its own");
    }

    @Test
    void socketIoWorksWithoutTheScripts() throws Exception {
        assertThat(get("socket.io/?EIO=4&transport=polling").body()).startsWith("0{\"sid\":");
    }
}
