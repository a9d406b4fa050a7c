package dev.hubbub.socketio;

import dev.hubbub.hub.Connection;
import dev.hubbub.protocol.Frame;
import java.util.List;

/** A packet that waits for its turn: its text frame and the frames of its attachments, which stay together. */
final class OutgoingPacket {
    final List<Frame> frames;
    final boolean more;
    private Connection.Sent sent;
    /** The index of the next frame to send. */
    int next;

    /**
     * @param more as for {@link Connection#send}
     * @param sent called when the last frame has been sent; null if nobody is to be told
     */
    OutgoingPacket(List<Frame> frames, boolean more, Connection.Sent sent) {
        this.frames = frames;
        this.more = more;
        this.sent = sent;
    }

    /** Whether its sender has not been told of its completion. */
    boolean isPending() {
        return sent != null;
    }

    /** What tells the sender of the completion, which must be called; null if it was taken before. */
    Connection.Sent takeSent() {
        Connection.Sent taken = sent;
        sent = null;
        return taken;
    }

    /** Tells the sender of the completion, unless it knows already. */
    void completed(Throwable failure) {
        Connection.Sent taken = takeSent();
        if (taken != null) {
            taken.sent(failure);
        }
    }

    /** The length of its frames in bytes. */
    int size() {
        return frames.stream().mapToInt(Frame::size).sum();
    }
}
