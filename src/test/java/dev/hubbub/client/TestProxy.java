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
 * Relays connections, and does to them what proxies do: refuses requests that it does not understand, or falls silent, when
 * both ends keep their sockets and hear nothing more.
 */
public final class TestProxy implements AutoCloseable {
    private static final byte[] REFUSAL = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private final List<String> refused;
    private volatile boolean silent;
    private volatile boolean down;

    /** @param refused requests with one of these in their head are answered with 400 */
    public TestProxy(int target, String... refused) throws IOException {
        this.target = target;
        this.refused = List.of(refused);
        daemon(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    public void fallSilent() {
        silent = true;
    }

    /** Ends the connections that there are, without a word, and takes no others. */
    public void cut() throws IOException {
        down = true;
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    public void mend() {
        down = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
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
            if (refused.stream().anyMatch(start::contains)) {
                from.getOutputStream().write(REFUSAL);
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
        door.close();
        cut();
    }
}
