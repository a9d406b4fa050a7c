package dev.hubbub.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Hubbub's own pages, which the setting {@code hubbub.pages} can hide. The scripts of clients are no pages. Containers serve the
 * pages themselves, as they serve all files in {@code META-INF/resources} of a jar.
 */
public final class Pages {
    private static final String RESOURCES = "META-INF/resources";
    private static final String INDEX = "/index.html";
    private static final String ADMIN = "/admin/";
    private static final List<String> FILES = List.of("/", INDEX, "/transports.html", "/favicon.svg");
    private static final List<String> FOLDERS = List.of("/transports/", "/chat/", ADMIN);

    private Pages() {}

    /** Patterns of all paths that may be pages. */
    public static String[] patterns() {
        return new String[] {"/", INDEX, "/transports.html", "/favicon.svg", "/transports/*", "/chat/*", ADMIN + "*"};
    }

    /** Whether Hubbub has a page at a path within the application. */
    public static boolean contains(String path) {
        return FILES.contains(path) || FOLDERS.stream().anyMatch(path::startsWith);
    }

    /** The path of the file at a path: that of a folder is its index. */
    public static String file(String path) {
        return path.equals("/") || path.equals(ADMIN) ? path.substring(0, path.length() - 1) + INDEX : path;
    }

    /**
     * Whether a file is Hubbub's and not one of the application with the same path. Compares the contents, because each container
     * has URLs of its own.
     */
    public static boolean isOwn(String file, URL found) {
        URL own = own(file);
        if (own == null) {
            return false;
        }
        try (InputStream a = own.openStream();
                InputStream b = found.openStream()) {
            return Arrays.equals(a.readAllBytes(), b.readAllBytes());
        } catch (IOException e) {
            return false;
        }
    }

    /** A file with this path in another jar of the application; null if there is none. */
    public static URL ofApplication(ClassLoader loader, String file) throws IOException {
        for (URL found : Collections.list(loader.getResources(RESOURCES + file))) {
            if (!isOwn(file, found)) {
                return found;
            }
        }
        return null;
    }

    /** The file in the jar of this class, wherever else there is one with its path. */
    private static URL own(String file) {
        String type = Pages.class.getName().replace('.', '/') + ".class";
        String here = Pages.class.getResource("Pages.class").toString();
        try {
            @SuppressWarnings("deprecation") // URI.toURL() does not accept the URLs of all containers
            URL own = new URL(here.substring(0, here.length() - type.length()) + RESOURCES + file);
            return own;
        } catch (IOException e) {
            return null;
        }
    }
}
