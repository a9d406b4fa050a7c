package dev.hubbub.servlet;

import java.util.concurrent.ThreadFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Where Hubbub's own threads come from: the managed factory that Jakarta Concurrency names, or the JDK. */
final class ManagedThreads {
    /** Jakarta EE Platform 10, section EE.5.22.1: every full server has it, in the name space of each component. */
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
