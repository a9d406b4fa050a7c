package dev.hubbub.standalone;

import dev.hubbub.app.Hubbub;
import dev.hubbub.http.Pages;
import dev.hubbub.socketio.ClientScripts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.grizzly.WriteHandler;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.io.NIOOutputStream;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.server.StaticHttpHandlerBase;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.http.util.MimeType;

/**
 * Serves the files under {@code META-INF/resources} on the class path, as servlet containers do. Grizzly makes it its default
 * servlet, so that filters apply to it.
 */
final class StaticFiles extends StaticHttpHandlerBase {
    private static final String ROOT = "META-INF/resources";
    private static final String INDEX = "index.html";
    private static final String NOT_FOUND = "There is nothing at this address.\n";

    /** Files beyond this number are read again for each request. */
    private static final int MAX_CACHED = 100;

    private static final int MAX_CACHED_BYTES = 1024 * 1024;
    private static final int CHUNK = 16 * 1024;

    private final ClassLoader loader;
    private final Map<String, Content> cache = new ConcurrentHashMap<>();

    private record Content(byte[] bytes, String tag, String type) {}

    StaticFiles(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public void service(Request request, Response response) throws IOException {
        String path = path(request);
        if (path == null || !handle(path, request, response)) {
            boolean script = path != null && ClientScripts.contains(path);
            sendText(response, HttpStatus.NOT_FOUND_404, script ? ClientScripts.HINT : NOT_FOUND);
        }
    }

    @Override
    protected boolean handle(String path, Request request, Response response) throws IOException {
        Content file = isSwitchedOff(path) ? null : file(path);
        if (file == null) {
            return isFolder(path, response);
        }
        boolean head = request.getMethod() == Method.HEAD;
        if (!head && request.getMethod() != Method.GET) {
            response.setHeader(Header.Allow, "GET, HEAD");
            sendText(response, HttpStatus.METHOD_NOT_ALLOWED_405, "Files can only be read.\n");
            return true;
        }
        response.setHeader(Header.ETag, file.tag);
        if (matches(request.getRequest().getHeaders().values(Header.IfNoneMatch), file.tag)) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            return true;
        }
        response.setContentType(file.type);
        response.setContentLength(file.bytes.length);
        if (!head) {
            response.suspend();
            new Sending(response, file.bytes).start();
        }
        return true;
    }

    /** Redirects from a folder without a slash, where the relative links of its page would lead elsewhere. */
    private boolean isFolder(String path, Response response) throws IOException {
        boolean folder = !path.endsWith("/") && !isSwitchedOff(path + "/") && file(path + "/") != null;
        if (folder) {
            response.setStatus(HttpStatus.FOUND_302);
            response.setHeader(Header.Location, path + "/");
        }
        return folder;
    }

    /** Whether the path is that of one of Hubbub's own pages, and not of an application's file with the same name. */
    private boolean isSwitchedOff(String path) {
        if (Hubbub.current().settings().pages() || !Pages.contains(path)) {
            return false;
        }
        String file = Pages.file(path);
        URL found = loader.getResource(ROOT + file);
        return found != null && Pages.isOwn(file, found);
    }

    /** The decoded path, or null if it leads out of the files. */
    private static String path(Request request) throws IOException {
        String path = request.getDecodedRequestURI();
        int parameters = path.indexOf(';');
        path = parameters < 0 ? path : path.substring(0, parameters);
        return path.contains("..") || path.contains("\\") || path.contains("//") || path.indexOf('\0') >= 0
                ? null
                : path;
    }

    private Content file(String path) throws IOException {
        Content cached = cache.get(path);
        if (cached != null) {
            return cached;
        }
        String name = path.endsWith("/") ? path + INDEX : path;
        byte[] bytes = read(name);
        if (bytes == null) {
            return null;
        }
        Content file = new Content(bytes, tag(bytes), type(name));
        if (bytes.length <= MAX_CACHED_BYTES && cache.size() < MAX_CACHED) {
            cache.put(path, file);
        }
        return file;
    }

    /** Null if there is no such file; a directory is none. */
    private byte[] read(String name) throws IOException {
        URL url = loader.getResource(ROOT + name);
        if (url == null || loader.getResource(ROOT + name + "/") != null) {
            return null;
        }
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, 16)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static String type(String name) {
        String type = MimeType.getByFilename(name);
        return type == null ? "application/octet-stream" : type;
    }

    /** Compares weakly (RFC 9110, section 13.1.2): a proxy that compresses makes a tag weak. */
    private static boolean matches(Iterable<String> lines, String tag) {
        for (String line : lines) {
            for (String value : line.split(",")) {
                String candidate = value.strip();
                if (candidate.equals("*") || candidate.equals(tag) || candidate.equals("W/" + tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void sendText(Response response, HttpStatus status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader(Header.CacheControl, "no-store");
        response.setContentType("text/plain;charset=UTF-8");
        response.setContentLength(bytes.length);
        if (response.getRequest().getMethod() != Method.HEAD) {
            response.getOutputStream().write(bytes);
        }
    }

    /** Sends a file without waiting for the client, because this runs on a selector thread. */
    private static final class Sending implements WriteHandler {
        private final Response response;
        private final NIOOutputStream out;
        private final byte[] bytes;
        private int sent;

        Sending(Response response, byte[] bytes) {
            this.response = response;
            this.bytes = bytes;
            out = response.getNIOOutputStream();
        }

        void start() {
            out.notifyCanWrite(this);
        }

        @Override
        public void onWritePossible() throws IOException {
            int count = Math.min(CHUNK, bytes.length - sent);
            out.write(bytes, sent, count);
            sent += count;
            if (sent < bytes.length) {
                out.notifyCanWrite(this);
            } else {
                out.close();
                response.resume();
            }
        }

        @Override
        public void onError(Throwable lost) {
            response.resume();
        }
    }
}
