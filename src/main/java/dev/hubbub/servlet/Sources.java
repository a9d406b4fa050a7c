package dev.hubbub.servlet;

import dev.hubbub.app.Values;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InitialContext;
import javax.naming.NameClassPair;
import javax.naming.NamingEnumeration;
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
            new Values.Source("JNDI", Sources::lookUp, Sources::entries),
            new Values.Source(
                    "context-param",
                    context::getInitParameter,
                    () -> Set.copyOf(Collections.list(context.getInitParameterNames()))),
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

    /** The names of the application's env-entries. The names that the server binds for all are not listed: others use them, too. */
    private static Set<String> entries() {
        Set<String> names = new HashSet<>();
        try {
            NamingEnumeration<NameClassPair> entries = new InitialContext().list(JNDI_PREFIXES.get(0));
            while (entries.hasMore()) {
                names.add(entries.next().getName());
            }
        } catch (NamingException | RuntimeException notListed) {
            return names; // there is no JNDI, or the server lists no entries
        }
        return names;
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
