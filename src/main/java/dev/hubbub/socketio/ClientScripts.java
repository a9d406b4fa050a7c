package dev.hubbub.socketio;

import jakarta.servlet.ServletContext;
import java.net.MalformedURLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The scripts of Socket.IO's browser client. A build without npm does not contain them. */
public final class ClientScripts {
    private static final Set<String> PATHS = Set.of(
            EngineEndpoint.PATH + "socket.io.js",
            EngineEndpoint.PATH + "socket.io.min.js",
            EngineEndpoint.PATH + "socket.io.esm.min.js");

    /** The body of the 404 response for a script that is missing. */
    public static final String HINT = """
            The Socket.IO client script is not part of this build of Hubbub, because npm was not available when it was built.

            To get it, build Hubbub again where npm is installed and can reach its registry, or load the script from another
            place: it is in the directory dist of the npm package socket.io-client, version 4.
            """;

    private ClientScripts() {}

    /** @param path within the application, such as {@code /socket.io/socket.io.js} */
    public static boolean contains(String path) {
        return PATHS.contains(path);
    }

    /** The paths of the scripts that neither this build nor the application contains. */
    public static List<String> missing(ServletContext context) {
        List<String> missing = new ArrayList<>();
        try {
            for (String path : PATHS) {
                if (context.getResource(path) == null) {
                    missing.add(path);
                }
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
        return missing;
    }
}
