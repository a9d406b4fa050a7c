package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NginxIT extends ProxySuite {
    @Override
    ProcessBuilder proxy(Path folder, int port, int server) throws IOException {
        Path program = Tools.need("nginx", "nginx");
        String site = Files.readString(Path.of("server-config/nginx/hubbub.conf"))
                .replace("127.0.0.1:8080", "127.0.0.1:" + server)
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        return new ProcessBuilder(
                program.toString(),
                "-e",
                folder + "/error.log",
                "-c",
                config(folder, site).toString());
    }

    /** Writes nginx's configuration with this site. */
    static Path config(Path folder, String site) throws IOException {
        return Files.writeString(
                folder.resolve("nginx.conf"), """
                %3$s
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 2048; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  %2$s
                }
                """.formatted(folder, site, isRoot() ? "user root;" : ""));
    }

    @Test
    void requestsPassThroughNginx() throws Exception {
        assertThat(HandshakeProbe.request(url(), "GET", "health", "").head()).containsIgnoringCase("Server: nginx");
    }
}
