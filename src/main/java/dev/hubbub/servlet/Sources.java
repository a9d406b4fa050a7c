package dev.hubbub.servlet;

import dev.hubbub.app.Values;
import jakarta.servlet.ServletContext;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The sources of settings in a container. Those that an operator edits in its console precede those that are deployed. */
final class Sources {
    /** The application's env-entries (Jakarta EE Platform 10, section EE.5.4), then the names that the server binds for all. */
    private static final List<String> JNDI_PREFIXES = List.of("java:comp/env/", "java:global/", "");

    private Sources() {}

    static Values.Source[] of(ServletContext context) {
        return new Values.Source[] {
            new Values.Source("JNDI", Sources::lookUp),
            new Values.Source("context-param", context::getInitParameter),
            new Values.Source("MicroProfile Config", Sources::configured)
        };
    }

    private static String lookUp(String key) {
        for (String prefix : JNDI_PREFIXES) {
            try {
                return String.valueOf(InitialContext.<Object>doLookup(prefix + key));
            } catch (NamingException notBound) {
                continue; // also thrown where there is no JNDI
            }
        }
        return null;
    }

    private static String configured(String key) {
        try {
            return MicroProfile.value(key);
        } catch (IllegalStateException | LinkageError noMicroProfile) {
            return null;
        }
    }

    /** A separate class, so that no MicroProfile class is loaded where MicroProfile is missing. */
    private static final class MicroProfile {
        static String value(String key) {
            Config config = ConfigProvider.getConfig();
            return config.getOptionalValue(key, String.class).orElse(null);
        }
    }
}
