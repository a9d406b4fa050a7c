package dev.hubbub.standalone;

import dev.hubbub.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HaproxyIT extends ProxySuite {
    @Override
    ProcessBuilder proxy(Path folder, int port, int server) throws IOException {
        Path program = Tools.need("HAProxy", "haproxy");
        Path config = Files.writeString(
                folder.resolve("haproxy.cfg"),
                Files.readString(Path.of("server-config/haproxy/haproxy.cfg"))
                        .replace("maxconn 40000", "maxconn 2000")
                        .replace("127.0.0.1:8080", "127.0.0.1:" + server)
                        .replace("bind :80", "bind 127.0.0.1:" + port));
        return new ProcessBuilder(program.toString(), "-db", "-f", config.toString());
    }
}
