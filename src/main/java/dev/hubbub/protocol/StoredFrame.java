package dev.hubbub.protocol;

import dev.hubbub.Delivery;

/**
 * The bytes of a frame in an array that is used again. Frames that are remembered for a while would each outlive the young
 * generation of the heap, be copied and leave a hole when they are forgotten; these do not. Not safe for several threads.
 */
public final class StoredFrame {
    /** Arrays are longer than they need to be, up to the next multiple of this. */
    private static final int STEP = 64;

    /** An array is given up for one that is so many times as short. */
    private static final int MOST_WASTED = 4;

    private byte[] bytes = {};
    private int length;
    private int start;
    private Frame.Kind kind = Frame.Kind.TEXT;
    private Delivery delivery = Delivery.ALL;

    public void set(Frame frame) {
        byte[] wire = frame.wire();
        int needed = (wire.length + STEP - 1) / STEP * STEP;
        if (bytes.length < needed || bytes.length / MOST_WASTED > needed) {
            bytes = new byte[needed];
        }
        System.arraycopy(wire, 0, bytes, 0, wire.length);
        length = wire.length;
        start = wire.length - frame.size();
        // Nearly always the same: then nothing is stored, and the collector has nothing to look after.
        if (kind != frame.kind()) {
            kind = frame.kind();
        }
        if (delivery != frame.delivery()) {
            delivery = frame.delivery();
        }
    }

    /** A frame like the one that was copied, but with this position. */
    public Frame frame(Position position) {
        byte[] wire = new byte[length];
        System.arraycopy(bytes, 0, wire, 0, length);
        return new Frame(kind, wire, start, position, delivery);
    }

    /** Bytes of the array. */
    public int capacity() {
        return bytes.length;
    }
}
