package dev.hubbub.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Requests over HTTP/1.1, which browsers use without TLS. Headers are given as name, value, name, value ... */
public final class Http {
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Longer than the server holds a long poll. */
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private Http() {}

    public static HttpResponse<String> get(URI url, String... headers) throws IOException, InterruptedException {
        return send(request(url, headers));
    }

    public static HttpResponse<String> post(URI url, String body, String... headers)
            throws IOException, InterruptedException {
        return send(request(url, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static CompletableFuture<HttpResponse<String>> getAsync(URI url, String... headers) {
        return CLIENT.sendAsync(request(url, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest.Builder request(URI url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(TIMEOUT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
