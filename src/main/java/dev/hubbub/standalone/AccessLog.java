package dev.hubbub.standalone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpProbe;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;

/**
 * Lists the requests that were answered, WebSocket handshakes included, in the common log format of web servers. Queries are left
 * out, because they can contain the secrets of sessions.
 *
 * <p>A thread of its own writes the file. If it falls behind, lines are dropped, and the log says so once.
 */
final class AccessLog extends HttpProbe.Adapter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private static final int MAX_BYTES = 10 << 20;
    private static final int FILES = 5;
    private static final int MAX_WAITING = 10_000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    /** What a valid path has escaped. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]|\"");

    private final FileHandler file;
    private final AtomicBoolean dropping = new AtomicBoolean();
    private final ThreadPoolExecutor writer;

    private AccessLog(FileHandler file) {
        this.file = file;
        writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> {
                    Thread thread = new Thread(task, "hubbub-access-log");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, full) -> dropped());
    }

    static AccessLog open(Path path) throws IOException {
        String pattern = path.toString().replace("%", "%%");
        FileHandler file = new FileHandler(pattern + ".%g", MAX_BYTES, FILES, true);
        file.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord line) {
                return line.getMessage() + System.lineSeparator();
            }
        });
        return new AccessLog(file);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    public void onHeaderSerializeEvent(Connection connection, HttpHeader header, Buffer buffer) {
        if (header instanceof HttpResponsePacket response && response.getStatus() != 100) {
            String line = line(connection, response.getRequest(), response);
            writer.execute(() -> file.publish(new LogRecord(Level.INFO, line)));
        }
    }

    private static String line(Connection<?> connection, HttpRequestPacket request, HttpResponsePacket response) {
        Object peer = connection.getPeerAddress();
        String address =
                peer instanceof InetSocketAddress socket ? socket.getAddress().getHostAddress() : "-";
        String path = UNPRINTABLE.matcher(request.getRequestURI()).replaceAll("?");
        long length = response.getContentLength();
        return address + " - - [" + TIME.format(ZonedDateTime.now()) + "] \"" + request.getMethod() + " " + path + " "
                + request.getProtocolString() + "\" " + response.getStatus() + " " + (length < 0 ? "-" : length);
    }

    private void dropped() {
        if (!writer.isShutdown() && !dropping.getAndSet(true)) {
            LOG.log(System.Logger.Level.WARNING, "The access log cannot keep up; some requests are missing in it");
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
