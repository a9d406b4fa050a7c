package dev.hubbub.client;

import java.io.File;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ArchiveAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR that the build has made, and variants of it. */
public final class HubbubWar {
    private HubbubWar() {}

    public static WebArchive create(String name) {
        return ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(new File(System.getProperty("hubbub.war")))
                .as(WebArchive.class);
    }

    /** The WAR of a build without npm, which lacks the client scripts of Socket.IO. */
    public static WebArchive withoutScripts(String name) {
        WebArchive war = create(name);
        ArchivePath path = war.getContent(Filters.include("/WEB-INF/lib/hubbub-.*\\.jar"))
                .keySet()
                .iterator()
                .next();
        JavaArchive classes = war.getAsType(JavaArchive.class, path);
        classes.getContent(Filters.include("/META-INF/resources/socket.io/.*"))
                .keySet()
                .forEach(classes::delete);
        war.delete(path);
        return war.add(new ArchiveAsset(classes, ZipExporter.class), path);
    }

    /** Makes a WAR the root application on servers that do not take the context path from the file name. */
    public static WebArchive atRoot(WebArchive war) {
        return war.addAsWebInfResource(rootOf("payara-web-app"), "payara-web.xml")
                .addAsWebInfResource(rootOf("glassfish-web-app"), "glassfish-web.xml");
    }

    private static StringAsset rootOf(String element) {
        return new StringAsset("<" + element + "><context-root>/</context-root></" + element + ">");
    }

    /** Writes a jar with these classes into a folder, for {@code --handlers}. */
    public static Path handlersJar(Path folder, String name, Class<?>... handlers) {
        Path jar = folder.resolve(name);
        ShrinkWrap.create(JavaArchive.class)
                .addClasses(handlers)
                .as(ZipExporter.class)
                .exportTo(jar.toFile(), true);
        return jar;
    }
}
