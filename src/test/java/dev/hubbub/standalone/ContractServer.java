package dev.hubbub.standalone;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;

/** A server in this process with a value of {@code hubbub.contract}. */
public final class ContractServer implements AutoCloseable {
    private final Standalone server;

    private ContractServer(Standalone server) {
        this.server = server;
    }

    public static ContractServer start(String contract) throws IOException {
        System.setProperty("hubbub.contract", contract);
        return new ContractServer(Standalone.start("127.0.0.1", 0, null, Set.of()));
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.url().resolve("/" + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        System.clearProperty("hubbub.contract");
        server.close();
    }
}
