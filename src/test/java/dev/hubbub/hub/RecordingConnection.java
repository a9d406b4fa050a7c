package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection in memory that records frames and can hold back the completion of sends. */
public class RecordingConnection implements Connection {
    public final List<String> frames = new CopyOnWriteArrayList<>();
    public volatile int closeCode;
    /** Set before the connection is used. */
    public volatile String secret;

    private final List<Sent> pending = new ArrayList<>();
    private boolean stalled;

    /** Sends no longer complete, as when the client has stopped reading. */
    public synchronized void stall() {
        stalled = true;
    }

    /** Completes the first pending send; the others and later ones stay pending. */
    public void completeOne() {
        Sent first;
        synchronized (this) {
            first = pending.remove(0);
        }
        first.sent(null);
    }

    /** Completes the pending sends; later ones complete immediately. */
    public void resume() {
        List<Sent> waiting;
        synchronized (this) {
            stalled = false;
            waiting = List.copyOf(pending);
            pending.clear();
        }
        waiting.forEach(sent -> sent.sent(null));
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        frames.add(frame.kind() == Frame.Kind.TEXT ? frame.text() : frame.kind().name());
        synchronized (this) {
            if (stalled) {
                pending.add(sent);
                return;
            }
        }
        sent.sent(null);
    }

    @Override
    public boolean returnsToAnyNode() {
        return true;
    }

    @Override
    public void useSecret(String shared) {
        secret = shared;
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    /** The data of each frame sent for an event. */
    public List<String> data(String name) {
        String start = "{\"name\":\"" + name + "\",\"data\":";
        return frames.stream()
                .filter(frame -> frame.startsWith(start))
                .map(frame -> frame.substring(start.length(), frame.length() - 1))
                .toList();
    }
}
