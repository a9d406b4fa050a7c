package dev.hubbub.socketio;

import dev.hubbub.hub.Connection;
import dev.hubbub.protocol.Frame;
import java.util.List;

/** A packet that waits for its turn: its text frame and the frames of its attachments, which stay together. */
final class OutgoingPacket {
    final List<Frame> frames;
    final boolean more;
    final Connection.Sent sent;
    /** The index of the next frame to send. */
    int next;

    /**
     * @param more as for {@link Connection#send}
     * @param sent called when the last frame has been sent
     */
    OutgoingPacket(List<Frame> frames, boolean more, Connection.Sent sent) {
        this.frames = frames;
        this.more = more;
        this.sent = sent;
    }
}
