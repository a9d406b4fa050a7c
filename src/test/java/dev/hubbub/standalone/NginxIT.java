package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hubbub.client.SocketIoSuite;
import dev.hubbub.client.Tools;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything again through nginx, with the configuration that operators are given. */
class NginxIT extends SocketIoSuite {
    @TempDir
    private static Path folder;

    private static WarProcess war;
    private static Process nginx;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Path program = Tools.need("nginx", "nginx");
        war = WarProcess.start("-Dhubbub.trusted-proxies=127.0.0.1");
        port = freePort();
        String site = Files.readString(Path.of("server-config/nginx/hubbub.conf"))
                .replace("127.0.0.1:8080", "127.0.0.1:" + war.url().getPort())
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
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
                """.formatted(
                        folder, site, "root".equals(System.getProperty("user.name")) ? "user root;" : ""));
        nginx = new ProcessBuilder(program.toString(), "-e", folder + "/error.log", "-c", config.toString())
                .inheritIO()
                .start();
        await().until(NginxIT::isUp);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isUp() {
        assertThat(nginx.isAlive()).isTrue();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor();
        }
        if (war != null) {
            war.close();
        }
    }

    @Override
    protected URI url() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** However they do: the socket that is looked at is nginx's, which reads for a reader that has stopped. */
    @Override
    protected boolean sendsFast() {
        return false;
    }

    @Test
    void isReallyNginx() throws Exception {
        assertThat(raw("GET /health", url().toString().replaceAll("/$", ""))).containsIgnoringCase("Server: nginx");
    }
}
