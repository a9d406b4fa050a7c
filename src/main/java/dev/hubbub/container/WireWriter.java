package dev.hubbub.container;

import dev.hubbub.hub.Connection.Sent;
import dev.hubbub.protocol.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Sends whole frames as bytes. A frame is encoded once for all its receivers, and frames that wait for a client are joined into
 * one write: the throughput of a busy room comes from this. Each server has its own way, beneath Jakarta WebSocket, to accept
 * such bytes.
 */
public abstract class WireWriter implements SocketWriter {
    /** Frames held back; null if there are none, so that an idle client costs no memory. */
    private ByteArrayOutputStream held;

    private final int compressFrom;

    /** @param compressFrom payload size in bytes from which frames are compressed */
    protected WireWriter(int compressFrom) {
        this.compressFrom = compressFrom;
    }

    @Override
    public final void send(Frame frame, boolean more, Sent sent) {
        byte[] wire = frame.size() < compressFrom ? frame.wire() : frame.compressedWire();
        if (more || held != null) {
            held = held == null ? new ByteArrayOutputStream(4 * wire.length) : held;
            held.write(wire, 0, wire.length);
            if (more) {
                sent.sent(null);
                return;
            }
            wire = held.toByteArray();
            held = null;
        }
        write(ByteBuffer.wrap(wire), sent);
    }

    /** Starts to write; not called again before {@code sent} has been called. */
    protected abstract void write(ByteBuffer frames, Sent sent);
}
