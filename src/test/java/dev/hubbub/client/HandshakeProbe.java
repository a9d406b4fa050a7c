package dev.hubbub.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request that is written as it is given, and the response to it, for requests that the JDK's clients cannot send and for
 * responses that they do not show.
 *
 * @param status 0 if the connection ended without a response
 * @param head the status line and the headers
 * @param body empty if the response has no Content-Length
 */
public record HandshakeProbe(int status, String head, String body) {
    /** Requests a WebSocket. Headers are given as name, value, name, value ... */
    public static HandshakeProbe webSocket(URI url, String path, String... headers) throws IOException {
        return raw(url, upgradeRequest(url, path, headers));
    }

    /** A GET request that asks for a WebSocket. */
    static String upgradeRequest(URI url, String path, String... headers) {
        String[] all = new String[headers.length + 8];
        String[] upgrade = {
            "Connection",
            "Upgrade",
            "Upgrade",
            "websocket",
            "Sec-WebSocket-Version",
            "13",
            "Sec-WebSocket-Key",
            "dGhlIHNhbXBsZSBub25jZQ=="
        };
        System.arraycopy(upgrade, 0, all, 0, 8);
        System.arraycopy(headers, 0, all, 8, headers.length);
        return head("GET", url, path, all) + "\r\n";
    }

    public static HandshakeProbe request(URI url, String method, String path, String body, String... headers)
            throws IOException {
        StringBuilder request = head(method, url, path, headers);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (!method.equals("GET")) {
            request.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        return raw(url, request + "\r\n" + body);
    }

    private static StringBuilder head(String method, URI url, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + url.getPath() + path + " HTTP/1.1\r\n");
        if (!Arrays.asList(headers).contains("Host")) {
            head.append("Host: ").append(url.getAuthority()).append("\r\n");
        }
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return head;
    }

    /** Writes these bytes and reads the response. */
    public static HandshakeProbe raw(URI url, String bytes) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            String head = readHead(in);
            int length = number(head, "content-length: ", "\r\n");
            return new HandshakeProbe(
                    number(head, "http/1.1 ", " "),
                    head,
                    new String(in.readNBytes(Math.max(0, length)), StandardCharsets.UTF_8));
        }
    }

    /** Reads up to the empty line after the headers, or to the end of the connection. */
    static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int number(String head, String before, String after) {
        int start = head.toLowerCase(java.util.Locale.ROOT).indexOf(before);
        if (start < 0) {
            return 0;
        }
        String rest = head.substring(start + before.length());
        return Integer.parseInt(rest.split(after, 2)[0].strip());
    }

    /** The value of a header, "" if there is none. */
    public String header(String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
