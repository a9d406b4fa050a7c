package dev.hubbub.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.EventClient;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.HubbubWar;
import dev.hubbub.container.app.AccessHandlers;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Authentication by the container: web.xml requires BASIC, and the server has the users kim, with the role staff, and lee. Clients
 * have the identity and the roles of these users.
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
        assertThat(identity(server, "kim")).isEqualTo("\"kim staff\"");
        assertThat(identity(server, "lee")).isEqualTo("\"lee\"");
        checkAdmin(server.url("/" + NAME).resolve("admin/api/"));
        server.undeploy(NAME);
    }

    /** A user with the role logs in on the admin page, and out. */
    private static void checkAdmin(URI admin) throws IOException {
        HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
        URI overview = admin.resolve("overview");
        assertThat(status(browser, HttpRequest.newBuilder(overview))).isEqualTo(401);
        assertThat(logIn(browser, admin, "kim", "wrong")).isEqualTo(401);
        assertThat(logIn(browser, admin, "lee", "secret")).as("lacks the role").isEqualTo(401);
        assertThat(status(browser, HttpRequest.newBuilder(overview))).isEqualTo(401);
        assertThat(logIn(browser, admin, "kim", "secret")).isEqualTo(204);
        assertThat(status(browser, HttpRequest.newBuilder(overview))).isEqualTo(200);
        HttpRequest.Builder logOut =
                HttpRequest.newBuilder(admin.resolve("session")).DELETE().header("Content-Type", "application/json");
        assertThat(status(browser, logOut)).isEqualTo(204);
        assertThat(status(browser, HttpRequest.newBuilder(overview))).isEqualTo(401);
    }

    private static int logIn(HttpClient browser, URI admin, String user, String password) throws IOException {
        String body = "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}";
        return status(
                browser,
                HttpRequest.newBuilder(admin.resolve("session"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json"));
    }

    private static int status(HttpClient browser, HttpRequest.Builder request) throws IOException {
        try {
            return browser.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static WebArchive war() {
        return HubbubWar.create("secured.war")
                .addClasses(AccessHandlers.class, AccessHandlers.Odd.class)
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
                          <context-param>
                            <param-name>hubbub.admin</param-name>
                            <param-value>role:staff</param-value>
                          </context-param>
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

    private static String identity(ServerProcess server, String user) throws IOException {
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
