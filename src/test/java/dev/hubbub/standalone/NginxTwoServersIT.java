package dev.hubbub.standalone;

import dev.hubbub.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class NginxTwoServersIT extends TwoServersSuite {
    @Override
    ProcessBuilder proxy(Path folder, int plainPort, int port, int serverA, int serverB) throws IOException {
        Path program = Tools.need("nginx", "nginx");
        String site = Files.readString(Path.of("server-config/nginx/two-servers.conf"))
                .replace("/etc/nginx/", folder + "/")
                .replace("10.0.0.1:8080", "127.0.0.1:" + serverA)
                .replace("10.0.0.2:8080", "127.0.0.1:" + serverB)
                .replace("listen 80;", "listen 127.0.0.1:" + plainPort + ";")
                .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;");
        return new ProcessBuilder(
                program.toString(),
                "-e",
                folder + "/error.log",
                "-c",
                NginxIT.config(folder, site).toString());
    }
}
