package dev.hubbub.servlet;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Warns of classes with {@code @OnEvent} methods that are never called, because {@code @EventHandlers} was forgotten. Containers
 * look for annotations of methods differently (Tomcat does not), so the class files are read.
 */
public final class HandlerClasses {
    private static final String CLASSES = "/WEB-INF/classes/";
    private static final String SUFFIX = ".class";

    /** How class files refer to an annotation. */
    private static final String ON_EVENT = OnEvent.class.descriptorString();

    private HandlerClasses() {}

    /** Looks into {@code WEB-INF/classes}. */
    static void warnOfUnmarked(ServletContext context, Collection<Class<?>> handlers) {
        try {
            look(context, CLASSES, handlers);
        } catch (IOException
                | RuntimeException
                | LinkageError e) { // a warning must not keep the application from starting
            System.getLogger("dev.hubbub")
                    .log(System.Logger.Level.DEBUG, "The classes of the application cannot be read", e);
        }
    }

    private static void look(ServletContext context, String folder, Collection<Class<?>> handlers) throws IOException {
        Set<String> paths = context.getResourcePaths(folder);
        for (String path : paths == null ? Set.<String>of() : paths) {
            if (path.endsWith("/")) {
                look(context, path, handlers);
            } else if (path.endsWith(SUFFIX) && mentionsOnEvent(context, path)) {
                warnIfUnmarked(load(path), handlers);
            }
        }
    }

    private static boolean mentionsOnEvent(ServletContext context, String path) throws IOException {
        try (InputStream file = context.getResourceAsStream(path)) {
            return file != null && new String(file.readAllBytes(), StandardCharsets.ISO_8859_1).contains(ON_EVENT);
        }
    }

    /** Null if the class cannot be loaded. */
    private static Class<?> load(String path) {
        String name = path.substring(CLASSES.length(), path.length() - SUFFIX.length())
                .replace('/', '.');
        try {
            return Class.forName(name, false, HandlerClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError notUsed) {
            return null;
        }
    }

    /** @param type a class that may have {@code @OnEvent} methods; null for none */
    public static void warnIfUnmarked(Class<?> type, Collection<Class<?>> handlers) {
        if (type == null
                || type.isAnnotationPresent(EventHandlers.class)
                || Modifier.isAbstract(type.getModifiers())
                || handlers.stream().anyMatch(type::isAssignableFrom)) { // its methods are found in a subclass
            return;
        }
        Method[] methods;
        try {
            methods = type.getDeclaredMethods();
        } catch (LinkageError missing) {
            return; // it refers to a class that is not there, so nothing can call it
        }
        Stream.of(methods)
                .filter(method -> method.isAnnotationPresent(OnEvent.class))
                .map(Method::getName)
                .sorted()
                .findFirst()
                .ifPresent(method -> System.getLogger("dev.hubbub")
                        .log(
                                System.Logger.Level.WARNING,
                                "{0}.{1} has the annotation @OnEvent but is never called, because its class lacks"
                                        + " @EventHandlers",
                                type.getName(),
                                method));
    }
}
