package dev.hubbub.standalone;

import dev.hubbub.EventHandlers;
import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Finds handlers where there is no container to do it. */
final class HandlerScan {
    private HandlerScan() {}

    /** The handlers beside Hubbub's own classes: in the WAR, or on the class path. */
    static Set<Class<?>> ofApplication() {
        return of(HandlerScan.class.getClassLoader());
    }

    static Set<Class<?>> of(ClassLoader loader) {
        try (ScanResult found = new ClassGraph()
                .overrideClassLoaders(loader)
                .enableAnnotationInfo()
                .ignoreClassVisibility()
                .rejectPackages("dev.hubbub.builtin", "org.glassfish", "org.eclipse", "jakarta")
                .scan()) {
            return Set.copyOf(
                    found.getClassesWithAnnotation(EventHandlers.class).loadClasses());
        }
    }

    /** Open until the process ends, like a server's own class path. */
    static ClassLoader loader(List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return new URLClassLoader(urls, HandlerScan.class.getClassLoader());
    }
}
