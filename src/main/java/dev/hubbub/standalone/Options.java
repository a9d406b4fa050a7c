package dev.hubbub.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The options of the command line.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free port
 * @param tls null for http and ws
 * @param handlers jars with handlers
 * @param history the folder of the database for the history; null for none
 * @param accessLog the file that lists the requests; null for none
 * @param json whether the log has lines of JSON
 * @param print what to print instead of starting; null to start
 */
record Options(
        String host, int port, Tls tls, List<Path> handlers, Path history, Path accessLog, boolean json, Print print) {
    /** What is printed. */
    enum Print {
        HELP,
        CONFIG,
        ASYNCAPI
    }

    static final String USAGE = """
            Usage: java -jar hubbub.war [options]

              --host ADDRESS    listen on this address (default 127.0.0.1; 0.0.0.0 for all networks)
              --port PORT       listen on this port (default 8080; 0 for any free port)
              --tls-keystore FILE   serve https and wss with the key in this PKCS #12 file; the environment
                                variable HUBBUB_TLS_PASSWORD holds its password
              --tls-certificate FILE, --tls-key FILE   serve https and wss with these two PEM files
              --handlers JAR    also load the @EventHandlers in this jar, and serve its META-INF/resources before
                                Hubbub's own pages; can be repeated
              --history FOLDER  keep the events of rooms in a database in this folder (see hubbub.history)
              --access-log FILE list the requests, without their queries, in FILE.0 in the common log format; at 10 MB
                                it becomes FILE.1, and so on up to FILE.4
              --log-format json write the log as lines of JSON (default: text)
              --print-config    print the value and the source of every setting, and exit
              --print-asyncapi  print the events of the handlers as AsyncAPI, and exit (see hubbub.contract)
              --help            print this text, and exit

            Set a setting as a system property before -jar, or as an environment variable:
            """;

    /** @throws IllegalArgumentException if an argument is wrong; the message says which */
    static Options parse(String... arguments) {
        String host = "127.0.0.1";
        int port = 8080;
        List<Path> handlers = new ArrayList<>();
        Path keystore = null;
        Path certificate = null;
        Path key = null;
        Path history = null;
        Path accessLog = null;
        boolean json = false;
        Print print = null;
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            int equals = option.indexOf('=');
            String value = equals < 0 ? null : option.substring(equals + 1);
            option = equals < 0 ? option : option.substring(0, equals);
            switch (option) {
                case "--host" -> host = host(option, value(option, value, rest));
                case "--port" -> port = port(value(option, value, rest));
                case "--tls-keystore" -> keystore = file(option, value(option, value, rest));
                case "--tls-certificate" -> certificate = file(option, value(option, value, rest));
                case "--tls-key" -> key = file(option, value(option, value, rest));
                case "--handlers" -> handlers.add(file(option, value(option, value, rest)));
                case "--history" -> history = folder(option, value(option, value, rest));
                case "--access-log" -> accessLog = newFile(option, value(option, value, rest));
                case "--log-format" -> json = isJson(value(option, value, rest));
                case "--print-config" -> print = Print.CONFIG;
                case "--print-asyncapi" -> print = Print.ASYNCAPI;
                case "--help", "-h" -> print = Print.HELP;
                default -> throw new IllegalArgumentException("Unknown option " + option);
            }
        }
        return new Options(
                host, port, tls(keystore, certificate, key), List.copyOf(handlers), history, accessLog, json, print);
    }

    private static Tls tls(Path keystore, Path certificate, Path key) {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-certificate and --tls-key must be used together");
        }
        if (keystore != null && key != null) {
            throw new IllegalArgumentException("Use either --tls-keystore, or --tls-certificate and --tls-key");
        }
        return keystore == null && key == null ? null : new Tls(keystore, certificate, key);
    }

    private static String value(String option, String value, Iterator<String> rest) {
        if (value != null) {
            return value;
        }
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static String host(String option, String value) {
        try {
            InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(option + ": " + value + " is unknown", e);
        }
        return value;
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + value, e);
        }
        throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + value);
    }

    private static boolean isJson(String format) {
        if (!format.equals("json") && !format.equals("text")) {
            throw new IllegalArgumentException("--log-format must be text or json, not " + format);
        }
        return format.equals("json");
    }

    private static Path folder(String option, String value) {
        Path folder = Path.of(value).toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(option + ": " + value + " is not a folder");
        }
        return folder;
    }

    private static Path newFile(String option, String value) {
        Path file = Path.of(value).toAbsolutePath().normalize();
        if (Files.isDirectory(file) || !Files.isDirectory(file.getParent()) || !Files.isWritable(file.getParent())) {
            throw new IllegalArgumentException(option + ": " + value + " cannot be written");
        }
        return file;
    }

    private static Path file(String option, String value) {
        Path file = Path.of(value);
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(option + ": " + value + " cannot be read");
        }
        return file;
    }
}
