package dev.hubbub.standalone;

import dev.hubbub.EventHandlers;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the application's handlers, room policies and token verifiers in the standalone server; elsewhere the container does. */
final class ApplicationScanner {
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
                .ignoreClassVisibility()
                .rejectPackages(
                        "dev.hubbub.builtin",
                        "dev.hubbub.app",
                        "dev.hubbub.identity",
                        "org.glassfish",
                        "org.eclipse",
                        "jakarta")
                .scan()) {
            return Stream.of(
                            found.getClassesWithAnnotation(EventHandlers.class),
                            found.getClassesWithAnnotation(RoomPolicy.class),
                            found.getClassesImplementing(TokenVerifier.class))
                    .flatMap(classes -> classes.loadClasses().stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /** A class loader for these jars. It stays open until the process ends, like a server's own class path. */
    static ClassLoader loader(List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return new URLClassLoader(urls, ApplicationScanner.class.getClassLoader());
    }
}
