package dev.hubbub.standalone;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import dev.hubbub.servlet.HandlerClasses;
import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the application's handlers, room policies and token verifiers in the standalone server; elsewhere the container does. */
final class ApplicationScanner {
    /** How the names of the jars begin that the WAR has in {@code WEB-INF/lib} besides Hubbub. */
    private static final List<String> LIBRARIES =
            List.of("jakarta.", "jedis-", "jose4j-", "parsson-", "prometheus-", "redis-authx-", "slf4j-", "yasson-");

    /** In the folder where {@code Launcher} puts {@code WEB-INF/lib}, beside {@code standalone}; a folder in tests. */
    private static final Path OWN_JAR = location(ApplicationScanner.class);

    private ApplicationScanner() {}

    /** The classes of the application in the WAR or on the class path. */
    static Set<Class<?>> ofApplication() {
        return of(ApplicationScanner.class.getClassLoader());
    }

    /** The classes of the application that this loader finds, without those of Hubbub itself. */
    static Set<Class<?>> of(ClassLoader loader) {
        try (ScanResult found = new ClassGraph()
                .overrideClassLoaders(loader)
                .enableClassInfo()
                .enableAnnotationInfo()
                .enableMethodInfo()
                .ignoreClassVisibility()
                .ignoreMethodVisibility()
                .rejectPackages("dev.hubbub.builtin", "dev.hubbub.app", "dev.hubbub.identity")
                .filterClasspathElements(ApplicationScanner::mayHaveHandlers)
                .scan()) {
            Set<Class<?>> all = Stream.of(
                            found.getClassesWithAnnotation(EventHandlers.class),
                            found.getClassesWithAnnotation(RoomPolicy.class),
                            found.getClassesImplementing(TokenVerifier.class))
                    .flatMap(classes -> classes.loadClasses().stream())
                    .collect(Collectors.toUnmodifiableSet());
            found.getClassesWithMethodAnnotation(OnEvent.class)
                    .loadClasses(true)
                    .forEach(type -> HandlerClasses.warnIfUnmarked(type, all));
            return all;
        }
    }

    /** Hubbub's own jar and the libraries that it brings have none, and reading them would take half of the start's time. */
    private static boolean mayHaveHandlers(String element) {
        Path file = Path.of(element);
        Path lib = OWN_JAR.getParent();
        String name = file.getFileName().toString();
        boolean isLibrary = file.equals(OWN_JAR)
                || file.startsWith(lib.resolveSibling("standalone"))
                || file.startsWith(lib) && LIBRARIES.stream().anyMatch(name::startsWith);
        return !isLibrary || !name.endsWith(".jar");
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e); // it was made from a path
        }
    }

    /**
     * A class loader for these jars. It stays open until the process ends, like a server's own class path.
     *
     * @throws IOException if a file is not a jar; the message names it
     */
    static ClassLoader loader(List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
            try {
                new JarFile(jars.get(i).toFile()).close();
            } catch (IOException e) {
                throw new IOException(jars.get(i) + " is not a jar: " + e.getMessage(), e);
            }
        }
        return new ApplicationLoader(urls);
    }

    /** Of the files that pages load, those of the application come before Hubbub's. */
    private static final class ApplicationLoader extends URLClassLoader {
        ApplicationLoader(URL[] jars) {
            super(jars, ApplicationScanner.class.getClassLoader());
        }

        @Override
        public URL getResource(String name) {
            URL own = name.startsWith("META-INF/resources/") ? findResource(name) : null;
            return own == null ? super.getResource(name) : own;
        }
    }

    /** Warns of each jar that contains none of the application's classes. */
    static void warnOfJarsWithoutHandlers(List<Path> jars, Set<Class<?>> found) {
        for (Path jar : jars) {
            if (found.stream().noneMatch(type -> isIn(jar, type))) {
                System.getLogger("dev.hubbub")
                        .log(
                                System.Logger.Level.WARNING,
                                "{0} has no class with @EventHandlers or @RoomPolicy, and no TokenVerifier",
                                jar);
            }
        }
    }

    private static boolean isIn(Path jar, Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return source != null && source.getLocation().equals(jar.toUri().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e); // the loader had the same URL
        }
    }
}
