package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.container.app.AccessHandlers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * BASIC by web.xml and the server's own users, kim of the staff and lee: they are the client's, with the roles that handlers ask
 * for.
 */
final class Secured {
    private static final String NAME = "secured";

    private Secured() {}

    static void check(ServerProcess server) throws IOException {
        Path war = server.base.resolve("secured-war.zip");
        war().as(ZipExporter.class).exportTo(war.toFile());
        server.deploy(war, NAME);
        assertThat(HandshakeProbe.webSocket(server.url("/" + NAME), "events").status())
                .isEqualTo(401);
        assertThat(whoIs(server, "kim")).isEqualTo("\"kim staff\"");
        assertThat(whoIs(server, "lee")).isEqualTo("\"lee\"");
        server.undeploy(NAME);
    }

    private static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class)
                .importFrom(new File(System.getProperty("hubbub.war")))
                .as(WebArchive.class)
                .addClasses(AccessHandlers.class, AccessHandlers.Odd.class)
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
                          <security-constraint>
                            <web-resource-collection>
                              <web-resource-name>all</web-resource-name>
                              <url-pattern>/events/*</url-pattern>
                              <url-pattern>/ticket</url-pattern>
                            </web-resource-collection>
                            <auth-constraint><role-name>*</role-name></auth-constraint>
                          </security-constraint>
                          <login-config><auth-method>BASIC</auth-method></login-config>
                          <security-role><role-name>staff</role-name></security-role>
                          <security-role><role-name>other</role-name></security-role>
                        </web-app>
                        """));
    }

    private static String whoIs(ServerProcess server, String user) throws IOException {
        String basic =
                "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
        HandshakeProbe ticket =
                HandshakeProbe.request(server.url("/" + NAME), "POST", "ticket", "", "Authorization", basic);
        assertThat(ticket.status()).as(ticket.head()).isEqualTo(200);
        try (EventClient client = EventClient.connect(server.events("/" + NAME), "Authorization", basic)) {
            return client.send("{\"name\":\"who-am-i\",\"id\":1}")
                    .next("ack")
                    .data()
                    .json();
        }
    }
}
