package dev.hubbub.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Relays connections and can fail like a proxy: it rejects some requests, drops its connections, or goes silent, which leaves
 * both sockets open and forwards nothing more.
 */
public final class TestProxy implements AutoCloseable {
    private static final byte[] BAD_REQUEST =
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private final List<String> rejected;
    private volatile boolean silent;
    private volatile boolean down;

    /** @param rejected requests that contain one of these texts are answered with 400 */
    public TestProxy(int target, String... rejected) throws IOException {
        this.target = target;
        this.rejected = List.of(rejected);
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void goSilent() {
        silent = true;
    }

    /** Drops all connections and accepts no new ones. */
    public void goDown() throws IOException {
        down = true;
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** Accepts connections again. */
    public void comeUp() {
        down = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            if (down) {
                client.close();
                continue;
            }
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(client, server));
            daemon(() -> relay(client, server));
            daemon(() -> relay(server, client));
        }
    }

    private void relay(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            String start = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            if (rejected.stream().anyMatch(start::contains)) {
                from.getOutputStream().write(BAD_REQUEST);
                from.close();
                return;
            }
            if (!silent) {
                out.write(buffer, 0, length);
            }
        }
        if (!silent) {
            to.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        goDown();
    }
}
