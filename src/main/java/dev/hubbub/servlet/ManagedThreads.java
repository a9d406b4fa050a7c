package dev.hubbub.servlet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The factory of Hubbub's own threads: the managed one of Jakarta Concurrency where it is available, otherwise the JDK's. */
final class ManagedThreads {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** Every full Jakarta EE server binds it in the name space of each component (Jakarta EE Platform 10, section EE.5.22.1). */
    private static final String NAME = "java:comp/DefaultManagedThreadFactory";

    private static final long TRIAL_SECONDS = 1;

    private ManagedThreads() {}

    static ThreadFactory ofThisServer() {
        try {
            ThreadFactory managed = InitialContext.doLookup(NAME);
            if (works(managed)) {
                return managed;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The threads of this server's managed thread factory do not run; Hubbub uses threads of its own");
        } catch (NamingException | ClassCastException notAFullServer) {
            LOG.log(System.Logger.Level.DEBUG, "No managed thread factory; Hubbub uses threads of its own");
        }
        return Thread::new;
    }

    /**
     * Whether threads of this factory run what they are given. On GlassFish 7 and 8 the threads of a factory end at once while its
     * application is disabled, which it still is when it starts again by {@code asadmin enable}. On Open Liberty they wait until the
     * application has started.
     */
    static boolean works(ThreadFactory factory) {
        CountDownLatch ran = new CountDownLatch(1);
        try {
            Thread trial = factory.newThread(ran::countDown);
            trial.start();
            trial.join(TimeUnit.SECONDS.toMillis(TRIAL_SECONDS));
            return ran.getCount() == 0 || trial.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException refused) {
            LOG.log(System.Logger.Level.DEBUG, "The managed thread factory failed", refused);
        }
        return false;
    }
}
