package dev.hubbub.servlet;

import dev.hubbub.app.Values;
import jakarta.servlet.ServletContext;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where a container has values for its applications: what its console edits comes first, what was deployed afterwards. */
final class Sources {
    /** The application's env-entries (Jakarta EE Platform 10, EE.5.4), then what the server binds for all. */
    private static final List<String> NAMES = List.of("java:comp/env/", "java:global/", "");

    private Sources() {}

    static Values.Source[] of(ServletContext context) {
        return new Values.Source[] {
            new Values.Source("JNDI", Sources::lookUp),
            new Values.Source("context-param", context::getInitParameter),
            new Values.Source("MicroProfile Config", Sources::configured)
        };
    }

    private static String lookUp(String key) {
        for (String place : NAMES) {
            try {
                return String.valueOf(InitialContext.<Object>doLookup(place + key));
            } catch (NamingException notThere) {
                continue; // or no JNDI at all
            }
        }
        return null;
    }

    private static String configured(String key) {
        try {
            return MicroProfile.value(key);
        } catch (IllegalStateException | LinkageError notThere) {
            return null;
        }
    }

    /** A class of its own, so that nothing of MicroProfile is loaded where there is none. */
    private static final class MicroProfile {
        static String value(String key) {
            Config config = ConfigProvider.getConfig();
            return config.getOptionalValue(key, String.class).orElse(null);
        }
    }
}
