package dev.hubbub.protocol;

import dev.hubbub.Delivery;
import dev.hubbub.Position;

/**
 * Stores the bytes of a frame in an array that is reused for later frames. Frames that a room keeps for a while would outlive
 * the young generation of the heap, be copied to the old one and fragment it; reused arrays avoid that. Not thread-safe.
 */
public final class StoredFrame {
    /** The length of the array is rounded up to a multiple of this. */
    private static final int STEP = 64;

    /** An array that is more than this many times too long is replaced by a shorter one. */
    private static final int MAX_EXCESS = 4;

    private byte[] bytes = {};
    private int length;
    private int start;
    private Frame.Kind kind = Frame.Kind.TEXT;
    private Delivery delivery = Delivery.ALL;

    /** Copies a frame into this one. */
    public void set(Frame frame) {
        byte[] wire = frame.wire();
        int needed = (wire.length + STEP - 1) / STEP * STEP;
        if (bytes.length < needed || bytes.length / MAX_EXCESS > needed) {
            bytes = new byte[needed];
        }
        System.arraycopy(wire, 0, bytes, 0, wire.length);
        length = wire.length;
        start = wire.length - frame.size();
        // Usually unchanged. Not writing the reference saves the write barrier of the garbage collector.
        if (kind != frame.kind()) {
            kind = frame.kind();
        }
        if (delivery != frame.delivery()) {
            delivery = frame.delivery();
        }
    }

    /** A new frame with the stored bytes and this position. */
    public Frame frame(Position position) {
        byte[] wire = new byte[length];
        System.arraycopy(bytes, 0, wire, 0, length);
        return new Frame(kind, wire, start, position, delivery, System.nanoTime());
    }

    /** The length of the array in bytes. */
    public int capacity() {
        return bytes.length;
    }
}
