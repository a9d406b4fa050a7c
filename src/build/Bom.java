import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Makes the list of components say exactly what is in the WAR: it removes the interfaces that only the compiler needs, and adds the
 * Socket.IO client, which does not come from a Maven repository. It fails if the WAR contains a jar that the list does not. Run by
 * pom.xml with the list, the WAR, and the version and the SHA-512 checksum of the Socket.IO client.
 */
final class Bom {
    private final Set<String> jars = new TreeSet<>();
    private boolean hasSocketIo;

    public static void main(String[] arguments) throws IOException {
        Path list = Path.of(arguments[0]);
        Path war = Path.of(arguments[1]);
        if (Files.exists(list) && Files.getLastModifiedTime(list).compareTo(Files.getLastModifiedTime(war)) < 0) {
            Files.delete(list); // of an earlier build
        }
        if (!Files.exists(list)) {
            System.out.println("There is no " + list + " without a connection to the Maven repository");
            return;
        }
        new Bom().run(list, war, arguments[2], arguments[3]);
    }

    private void run(Path list, Path war, String socketIoVersion, String socketIoChecksum) throws IOException {
        readWar(war);
        JsonObject bom;
        try (JsonReader reader = Json.createReader(Files.newInputStream(list))) {
            bom = reader.readObject();
        }
        Set<String> refs = new TreeSet<>();
        refs.add(bom.getJsonObject("metadata").getJsonObject("component").getString("bom-ref"));
        JsonArrayBuilder components = Json.createArrayBuilder();
        for (JsonObject component : bom.getJsonArray("components").getValuesAs(JsonObject.class)) {
            if (jars.remove(component.getString("name") + "-" + component.getString("version") + ".jar")) {
                refs.add(component.getString("bom-ref"));
                components.add(component);
            }
        }
        jars.remove(bom.getJsonObject("metadata").getJsonObject("component").getString("name") + "-"
                + bom.getJsonObject("metadata").getJsonObject("component").getString("version") + ".jar");
        if (!jars.isEmpty()) {
            throw new IllegalStateException(war + " contains " + jars + ", which " + list + " does not list");
        }
        if (hasSocketIo) {
            components.add(socketIo(socketIoVersion, socketIoChecksum));
        }
        JsonObject complete = Json.createObjectBuilder(bom)
                .add("components", components)
                .add("dependencies", dependencies(bom, refs))
                .build();
        try (JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                .createWriter(Files.newOutputStream(list))) {
            writer.writeObject(complete);
        }
    }

    private void readWar(Path war) throws IOException {
        try (ZipFile zip = new ZipFile(war.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (name.endsWith(".jar")) {
                    jars.add(name);
                    hasSocketIo |= containsSocketIo(zip.getInputStream(entry));
                }
            }
        }
    }

    private static boolean containsSocketIo(InputStream jar) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(jar)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().equals("META-INF/resources/socket.io/socket.io.js")) {
                    return true;
                }
            }
            return false;
        }
    }

    /** As a bundle, it contains the other packages that it needs. */
    private static JsonObject socketIo(String version, String checksum) {
        String url = "pkg:npm/socket.io-client@" + version;
        return Json.createObjectBuilder()
                .add("type", "library")
                .add("bom-ref", url)
                .add("name", "socket.io-client")
                .add("version", version)
                .add("hashes", Json.createArrayBuilder()
                        .add(Json.createObjectBuilder().add("alg", "SHA-512").add("content", checksum)))
                .add("licenses", Json.createArrayBuilder()
                        .add(Json.createObjectBuilder().add("license", Json.createObjectBuilder().add("id", "MIT"))))
                .add("purl", url)
                .build();
    }

    private static JsonArrayBuilder dependencies(JsonObject bom, Set<String> refs) {
        JsonArrayBuilder dependencies = Json.createArrayBuilder();
        for (JsonObject dependency : bom.getJsonArray("dependencies").getValuesAs(JsonObject.class)) {
            if (refs.contains(dependency.getString("ref"))) {
                JsonArrayBuilder on = Json.createArrayBuilder();
                for (JsonValue ref : dependency.getOrDefault("dependsOn", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
                    if (refs.contains(((JsonString) ref).getString())) {
                        on.add(ref);
                    }
                }
                dependencies.add(Json.createObjectBuilder(dependency).add("dependsOn", on));
            }
        }
        return dependencies;
    }
}
