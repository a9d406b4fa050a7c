package dev.hubbub.launch;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Runs the WAR without a container. A class loader cannot read jars inside a jar, so they are unpacked while the process runs:
 * the application's jars from WEB-INF/lib, and those of the standalone server from WEB-INF/standalone.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) throws Throwable {
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
        }
        URLClassLoader loader;
        try {
            Path folder = Files.createTempDirectory("hubbub-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "hubbub-cleanup"));
            loader =
                    new URLClassLoader(unpack(war(), folder).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        } catch (IOException e) {
            System.err.println("The WAR cannot be unpacked below " + System.getProperty("java.io.tmpdir") + ": " + e
                    + ". Choose another folder, with 10 MB of free space, by -Djava.io.tmpdir=FOLDER.");
            System.exit(1);
            return;
        }
        Thread.currentThread().setContextClassLoader(loader);
        try {
            loader.loadClass("dev.hubbub.standalone.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Path war() throws URISyntaxException {
        return Path.of(Launcher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static List<URL> unpack(Path war, Path folder) throws IOException {
        List<URL> classPath = new ArrayList<>();
        Path classes = folder.resolve("classes");
        classPath.add(Files.createDirectory(classes).toUri().toURL());
        Files.createDirectory(folder.resolve("lib"));
        Files.createDirectory(folder.resolve("standalone"));
        try (JarFile jar = new JarFile(war.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String name = entry.getName();
                if (entry.isDirectory()) {
                    continue;
                }
                if (name.matches("WEB-INF/(lib|standalone)/[^/]+\\.jar")) {
                    Path target = folder.resolve(name.substring("WEB-INF/".length()));
                    copy(jar, entry, target);
                    classPath.add(target.toUri().toURL());
                } else if (name.startsWith("WEB-INF/classes/")) {
                    copy(jar, entry, inside(classes, name.substring("WEB-INF/classes/".length())));
                }
            }
        }
        return classPath;
    }

    private static Path inside(Path folder, String name) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("An entry of the WAR has a path outside of it: " + name);
        }
        Files.createDirectories(target.getParent());
        return target;
    }

    private static void copy(JarFile jar, JarEntry entry, Path target) throws IOException {
        try (InputStream from = jar.getInputStream(entry)) {
            Files.copy(from, target);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("The temporary folder " + folder + " cannot be deleted: " + e.getMessage());
        }
    }
}
