package dev.hubbub.websocket;

import dev.hubbub.protocol.Frame;
import jakarta.websocket.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Sends whole frames as bytes: built once for all receivers, and those that wait joined into one write. That is where
 * the speed of a busy room is. Each server has its own way below Jakarta WebSocket to take them.
 */
abstract class WireConnection extends SessionConnection {
    /** Frames held back; null while there are none, for an idle client should cost nothing. */
    private ByteArrayOutputStream held;

    /** Bytes from which on an event is compressed. */
    private final int compressFrom;

    WireConnection(Session session, int compressFrom) {
        super(session);
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

    /** Starts to write; never called while a write is under way. */
    abstract void write(ByteBuffer frames, Sent sent);
}
