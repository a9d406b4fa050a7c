package dev.hubbub.standalone;

import dev.hubbub.app.Setting;
import dev.hubbub.app.Settings;
import dev.hubbub.app.Values;
import dev.hubbub.contract.AsyncApi;
import dev.hubbub.contract.Contract;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Runs the standalone server from the command line. */
public final class Main {
    // Kept, because a logger that nothing refers to is created anew, without its level.
    private static Logger grizzly;
    private static Logger grizzlyStop;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        configureLogging();
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            fail(e.getMessage() + "\n\n" + Options.USAGE, 2);
            return;
        }
        if (options.print() == Options.Print.HELP) {
            help(System.out);
            return;
        }
        if (options.json()) {
            JsonLines.install();
        }
        if (options.history() != null) {
            System.setProperty(
                    "hubbub.history", "jdbc:h2:file:" + options.history().resolve("hubbub"));
        }
        if (options.print() == Options.Print.CONFIG) {
            printConfig();
            return;
        }
        if (options.print() == Options.Print.ASYNCAPI) {
            printAsyncApi(options);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Standalone server = start(options);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                server.close();
                                closeLog();
                                stopped.countDown();
                            },
                            "hubbub-shutdown"));
            String listening = "Hubbub is listening at " + server.url() + "  (WebSocket: " + server.eventsUrl() + ")";
            if (options.json()) {
                System.getLogger("dev.hubbub").log(System.Logger.Level.INFO, "{0}", listening);
            } else {
                System.out.println(listening);
            }
        } catch (BindException e) {
            fail(
                    "Port " + options.port() + " on " + options.host() + " is unavailable: " + e.getMessage()
                            + ". Choose another with --port.",
                    1);
            return;
        } catch (IOException | RuntimeException e) {
            fail("Hubbub cannot start: " + e.getMessage(), 1);
            return;
        }
        stopped.await();
    }

    /** One line for each log record, and no details of Grizzly, unless the operator has configured logging. */
    private static void configureLogging() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT.%1$tL %4$-7s %3$s  %5$s%6$s%n");
        }
        grizzly = Logger.getLogger("org.glassfish.grizzly");
        grizzly.setLevel(Level.WARNING);
        grizzlyStop = Logger.getLogger("org.glassfish.grizzly.nio.GracefulShutdownRunner");
        grizzlyStop.setLevel(Level.SEVERE); // it warns of each stop
    }

    /** Flushes what has been logged until now, if the launcher's log manager waits for that. */
    private static void closeLog() {
        if (LogManager.getLogManager() instanceof AutoCloseable lasting) {
            try {
                lasting.close();
            } catch (Exception e) {
                System.err.println("The log cannot be closed: " + e);
            }
        }
    }

    private static Standalone start(Options options) throws IOException {
        return Standalone.start(options.host(), options.port(), options.tls(), options.accessLog(), handlers(options));
    }

    private static Set<Class<?>> handlers(Options options) throws IOException {
        if (options.handlers().isEmpty()) {
            return ApplicationScanner.ofApplication();
        }
        ClassLoader loader = ApplicationScanner.loader(options.handlers());
        Thread.currentThread().setContextClassLoader(loader);
        Set<Class<?>> handlers = ApplicationScanner.of(loader);
        ApplicationScanner.warnOfJarsWithoutHandlers(options.handlers(), handlers);
        return handlers;
    }

    private static void printAsyncApi(Options options) {
        try {
            boolean builtIn = Settings.read(Values.from()).builtIn();
            PrintStream utf8 = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            utf8.print(AsyncApi.write(Contract.of(handlers(options), builtIn)));
        } catch (IOException | RuntimeException e) {
            fail("The contract cannot be printed: " + e.getMessage(), 1);
        }
    }

    private static void printConfig() {
        Values values = Values.from();
        System.out.println(values);
        try {
            Settings.read(values);
        } catch (IllegalArgumentException e) {
            fail("Hubbub cannot start: " + e.getMessage(), 1);
        }
    }

    private static void help(PrintStream out) {
        out.print(Options.USAGE);
        for (Setting setting : Setting.values()) {
            out.printf(
                    "%n  -D%s=%s%n      %s. %s%n",
                    setting.key(),
                    setting.defaultValue().isEmpty() ? "..." : setting.defaultValue(),
                    setting.allowed(),
                    setting.description());
        }
    }

    private static void fail(String message, int status) {
        System.err.println(message);
        System.exit(status);
    }
}
