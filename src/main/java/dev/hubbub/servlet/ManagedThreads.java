package dev.hubbub.servlet;

import java.util.concurrent.ThreadFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The factory of Hubbub's own threads: the managed one of Jakarta Concurrency where it is available, otherwise the JDK's. */
final class ManagedThreads {
    /** Every full Jakarta EE server binds it in the name space of each component (Jakarta EE Platform 10, section EE.5.22.1). */
    private static final String NAME = "java:comp/DefaultManagedThreadFactory";

    private ManagedThreads() {}

    static ThreadFactory ofThisServer() {
        try {
            return InitialContext.doLookup(NAME);
        } catch (NamingException | ClassCastException notAFullServer) {
            return Thread::new;
        }
    }
}
