package dev.hubbub.standalone;

import dev.hubbub.client.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HaproxyTwoServersIT extends TwoServersSuite {
    @Override
    ProcessBuilder proxy(Path folder, int plainPort, int port, int serverA, int serverB) throws IOException {
        Path program = Tools.need("HAProxy", "haproxy");
        Path pem = Files.writeString(
                folder.resolve("hubbub.pem"),
                Files.readString(folder.resolve("hubbub.crt")) + Files.readString(folder.resolve("hubbub.key")));
        Path config = Files.writeString(
                folder.resolve("haproxy.cfg"),
                Files.readString(Path.of("server-config/haproxy/two-servers.cfg"))
                        .replace("maxconn 40000", "maxconn 2000")
                        .replace("/etc/haproxy/hubbub.pem", pem.toString())
                        .replace("10.0.0.1:8080", "127.0.0.1:" + serverA)
                        .replace("10.0.0.2:8080", "127.0.0.1:" + serverB)
                        .replace("bind :80\n", "bind 127.0.0.1:" + plainPort + "\n")
                        .replace("bind :443", "bind 127.0.0.1:" + port));
        return new ProcessBuilder(program.toString(), "-db", "-f", config.toString());
    }
}
