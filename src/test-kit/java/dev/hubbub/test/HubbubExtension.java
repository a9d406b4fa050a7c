package dev.hubbub.test;

import dev.hubbub.Hub;
import dev.hubbub.Namespace;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.NamespaceRuntime;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.hub.HubConfig;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs handlers and room policies on a real hub without a server, from before each test until after it.
 *
 * <pre>{@code
 * class AuctionTest {
 *     @RegisterExtension
 *     HubbubExtension hubbub = HubbubExtension.of(Auction.class);
 *
 *     @Test
 *     void aBidIsSentToTheOthers() {
 *         TestClient kim = hubbub.connect("kim").join("lot-7");
 *         TestClient lee = hubbub.connect("lee").join("lot-7");
 *         kim.ask("bid", new Bid("7", 5));                       // waits for the acknowledgement
 *         assertEquals(5, lee.expect("bid", Bid.class).amount()); // waits for the event
 *     }
 * }
 * }</pre>
 *
 * <p>Time stands still: timers, time-outs and the grace of clients that are lost run only by {@link #advance}. Tests that run in
 * parallel in one process wait for each other, because a process has one hub, as an application has.
 */
public final class HubbubExtension implements BeforeEachCallback, AfterEachCallback {
    /** The one hub of the process. */
    private static final Semaphore HUB = new Semaphore(1);

    private final List<Class<?>> classes;
    private final Map<Class<?>, Supplier<?>> instances = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final List<TestClient> clients = new CopyOnWriteArrayList<>();
    private ManualTimer timer;
    private Hubbub hubbub;

    private HubbubExtension(List<Class<?>> classes) {
        this.classes = classes;
    }

    /**
     * An extension that runs these classes.
     *
     * @param classes with {@link dev.hubbub.EventHandlers} or {@link dev.hubbub.RoomPolicy}, and at most one {@link
     *     dev.hubbub.TokenVerifier}; none for the built-in events alone
     */
    public static HubbubExtension of(Class<?>... classes) {
        return new HubbubExtension(List.of(classes));
    }

    /**
     * Creates the instance of a class in each test, for a class that needs something injected. Without it, the constructor without
     * parameters is called.
     */
    public <T> HubbubExtension with(Class<T> type, Supplier<? extends T> instance) {
        instances.put(type, instance);
        return this;
    }

    /** Gives a setting another value, for example {@code hubbub.max-members}. */
    public HubbubExtension setting(String key, String value) {
        settings.put(key, value);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws InterruptedException {
        HUB.acquire();
        try {
            timer = new ManualTimer();
            Map<Class<?>, Object> created = new HashMap<>();
            hubbub = Hubbub.start(
                    Settings.read(Values.from(new Values.Source("the test", settings::get))),
                    classes,
                    type -> created.computeIfAbsent(type, this::create),
                    new HubConfig.Threads(Thread::new, 1, null, true, timer));
        } catch (RuntimeException | Error e) {
            HUB.release();
            throw e;
        }
    }

    private Object create(Class<?> type) {
        Supplier<?> supplier = instances.get(type);
        if (supplier != null) {
            return supplier.get();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(
                    type.getName() + " has no constructor without parameters; give its instance by with(...)", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("The constructor of " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be instantiated: " + e.getMessage(), e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (hubbub == null) {
            return;
        }
        try {
            clients.forEach(TestClient::close);
            hubbub.stop();
        } finally {
            clients.clear();
            hubbub = null;
            HUB.release();
        }
    }

    /** The hub of the main namespace. */
    public Hub hub() {
        return running().hub();
    }

    /** Connects an anonymous client. */
    public TestClient connect() {
        return client().connect();
    }

    /** Connects a client of an authenticated user with these roles. */
    public TestClient connect(String user, String... roles) {
        return client().user(user, roles).connect();
    }

    /** A client with a request of its own: headers, parameters, address, namespace. */
    public TestRequest client() {
        return new TestRequest(this);
    }

    /**
     * Lets time pass: runs what is due, in its order, and waits until the application has handled it. Rate limits and the age of
     * remembered events go by the real time.
     */
    public void advance(Duration time) {
        timer.advance(time, this::settle);
        settle();
    }

    /** Waits until no handler, hook or timer of the application runs. */
    private void settle() {
        try {
            if (!running().hub().services().application().awaitIdle(Duration.ofSeconds(10))) {
                throw new AssertionError("A handler has been running for 10 seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void opened(TestClient client) {
        clients.add(client);
    }

    Hubbub running() {
        if (hubbub == null) {
            throw new IllegalStateException("The hub runs only during a test: is the field annotated with"
                    + " @RegisterExtension and not used in a constructor?");
        }
        return hubbub;
    }

    NamespaceRuntime namespace(String name) {
        NamespaceRuntime namespace = running().namespace(name);
        if (namespace == null) {
            throw new IllegalArgumentException("There is no namespace " + name + ", only " + Namespace.MAIN
                    + " and those of the classes given to HubbubExtension.of");
        }
        return namespace;
    }
}
