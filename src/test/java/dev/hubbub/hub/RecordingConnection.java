package dev.hubbub.hub;

import dev.hubbub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket in memory: takes frames at once, or when it is told to. */
public final class RecordingConnection implements Connection {
    public final List<String> frames = new CopyOnWriteArrayList<>();
    public volatile int closeCode;
    /** To be set before it is used. */
    String secret;

    private final List<Sent> blocked = new ArrayList<>();
    private boolean stalled;

    /** From now on sends do not end, like those of a reader that has stopped. */
    public synchronized void stall() {
        stalled = true;
    }

    /** Ends the sends that were held up, and lets further ones through. */
    public void resume() {
        List<Sent> waiting;
        synchronized (this) {
            stalled = false;
            waiting = List.copyOf(blocked);
            blocked.clear();
        }
        waiting.forEach(sent -> sent.sent(null));
    }

    @Override
    public void send(Frame frame, boolean more, Sent sent) {
        frames.add(frame.kind() == Frame.Kind.TEXT ? frame.text() : frame.kind().name());
        synchronized (this) {
            if (stalled) {
                blocked.add(sent);
                return;
            }
        }
        sent.sent(null);
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    /** What was sent of this event: the frames' data. */
    public List<String> data(String name) {
        String start = "{\"name\":\"" + name + "\",\"data\":";
        return frames.stream()
                .filter(frame -> frame.startsWith(start))
                .map(frame -> frame.substring(start.length(), frame.length() - 1))
                .toList();
    }
}
