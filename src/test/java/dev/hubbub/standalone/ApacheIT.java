package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApacheIT extends ProxySuite {
    @Override
    ProcessBuilder proxy(Path folder, int port, int server) throws IOException {
        Path program = Tools.need("Apache httpd", "apache2", "httpd");
        String site = Files.readString(Path.of("server-config/apache/hubbub.conf"))
                .replace("127.0.0.1:8080", "127.0.0.1:" + server)
                .replace("*:80", "127.0.0.1:" + port);
        Path config = Files.writeString(folder.resolve("httpd.conf"), """
                ServerRoot /usr/lib/apache2
                ServerName localhost
                %3$s
                LoadModule mpm_event_module modules/mod_mpm_event.so
                LoadModule authz_core_module modules/mod_authz_core.so
                LoadModule headers_module modules/mod_headers.so
                LoadModule proxy_module modules/mod_proxy.so
                LoadModule proxy_http_module modules/mod_proxy_http.so
                PidFile %1$s/httpd.pid
                ErrorLog %1$s/error.log
                DefaultRuntimeDir %1$s
                Listen 127.0.0.1:%4$d
                %2$s
                """.formatted(
                        folder, site, isRoot() ? "User www-data\nGroup www-data" : "", port));
        return new ProcessBuilder(program.toString(), "-DFOREGROUND", "-f", config.toString());
    }

    @Test
    void requestsPassThroughApache() throws Exception {
        assertThat(HandshakeProbe.request(url(), "GET", "nothing", "").status()).isEqualTo(404);
    }
}
