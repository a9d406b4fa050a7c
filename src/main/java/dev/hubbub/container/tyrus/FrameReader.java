package dev.hubbub.container.tyrus;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.glassfish.tyrus.core.frame.Frame;

/**
 * Reads the frames of one connection and joins the fragments of a message. A frame is refused by its header, before its payload is
 * kept: a client can make the server hold no more bytes than a message may have, and only bytes that it has sent. Each byte is
 * copied a bounded number of times, in however many parts it arrives, and a message costs Tyrus as much as a single frame.
 */
final class FrameReader {
    /** What is read. */
    interface Receiver {
        /** A whole text message that was not compressed; the bytes are not checked. */
        void text(byte[] message);

        /** A control frame, or any other message as one frame. */
        void frame(Frame frame);
    }

    private static final int TEXT = 1;
    private static final byte[] NOTHING = {};

    private final FrameHeader header;
    private final int maxMessage;
    private final int maxCompressedMessage;
    private final Runnable tooBig;

    private boolean inPayload;
    /** Bytes of the payload of the current frame. */
    private int received;
    /** Bytes of payload that are still to be discarded. */
    private long discard;

    private byte[] control = NOTHING;

    private byte[] message = NOTHING;
    private int messageLength;
    private int messageOpcode;
    private boolean messageIsCompressed;
    /** Finds invalid text in a fragment before the message is complete; null if Tyrus checks the whole message. */
    private Utf8Check check;
    /** Whether a message was too big. No more data frames are read then, only control frames: the client closes. */
    private boolean refused;

    /**
     * @param compression whether permessage-deflate was negotiated
     * @param maxMessage the most bytes of a message
     * @param tooBig called once, when a frame is announced that exceeds the limit
     */
    FrameReader(boolean compression, int maxMessage, Runnable tooBig) {
        header = new FrameHeader(compression);
        this.maxMessage = maxMessage;
        // What does not compress grows by a few bytes for each block and each flush of the sender.
        maxCompressedMessage = maxMessage + maxMessage / 8 + 1024;
        this.tooBig = tooBig;
    }

    /**
     * Takes all the bytes.
     *
     * @throws org.glassfish.tyrus.core.WebSocketException if the client violates RFC 6455
     */
    void read(ByteBuffer data, Receiver receiver) {
        while (inPayload || data.hasRemaining()) {
            if (!inPayload) {
                if (!header.read(data)) {
                    return;
                }
                beginPayload(data.remaining());
            }
            if (!(discard > 0 ? discard(data) : readPayload(data))) {
                return;
            }
            inPayload = false;
            end(receiver);
        }
    }

    /** The payload of a frame is complete. */
    private void end(Receiver receiver) {
        boolean isControl = header.isControl();
        boolean isMessage = !isControl && !refused && header.isFinal();
        int opcode = isControl ? header.opcode() : messageOpcode;
        header.clear();
        if (isControl) {
            receiver.frame(frame(opcode, false, control));
        } else if (isMessage) {
            byte[] payload = message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
            message = NOTHING;
            if (opcode == TEXT && !messageIsCompressed) {
                receiver.text(payload);
            } else {
                receiver.frame(frame(opcode, messageIsCompressed, payload));
            }
        }
    }

    private void beginPayload(int available) {
        inPayload = true;
        received = 0;
        if (header.isControl()) {
            control = new byte[(int) header.length()];
            return;
        }
        if (header.opcode() != FrameHeader.CONTINUATION) {
            beginMessage();
        }
        int limit = messageIsCompressed ? maxCompressedMessage : maxMessage;
        if (!refused && header.length() > limit - messageLength) {
            refused = true;
            message = NOTHING;
            tooBig.run();
        }
        if (refused) {
            discard = header.length();
        } else if (message == NOTHING) {
            message = new byte[(int) Math.min(header.length(), available)];
        }
    }

    private void beginMessage() {
        message = NOTHING;
        messageLength = 0;
        messageOpcode = header.opcode();
        messageIsCompressed = header.isCompressed();
        check = messageOpcode == TEXT && !messageIsCompressed && !header.isFinal() ? new Utf8Check() : null;
    }

    /** Whether all has been discarded. */
    private boolean discard(ByteBuffer data) {
        int skipped = (int) Math.min(discard, data.remaining());
        data.position(data.position() + skipped);
        discard -= skipped;
        return discard == 0;
    }

    /** Whether the payload is complete. */
    private boolean readPayload(ByteBuffer data) {
        if (!header.isControl() && refused) {
            return true; // a frame without payload
        }
        int count = (int) Math.min(header.length() - received, data.remaining());
        if (header.isControl()) {
            data.get(control, received, count);
            unmask(control, received, received + count, received);
        } else {
            int end = messageLength + count;
            reserve(end);
            data.get(message, messageLength, count);
            unmask(message, messageLength, end, received);
            if (check != null) {
                check.take(message, messageLength, end);
            }
            messageLength = end;
        }
        received += count;
        return received == header.length();
    }

    private void reserve(int length) {
        if (message.length < length) {
            int whole = header.isFinal() ? messageLength - received + (int) header.length() : Integer.MAX_VALUE;
            message = Arrays.copyOf(message, Math.min(whole, Math.max(length, 2 * message.length)));
        }
    }

    /** @param index of the first byte in the payload, on which the byte of the key depends (RFC 6455, section 5.3) */
    private void unmask(byte[] bytes, int from, int end, int index) {
        int mask = header.mask();
        if (mask == 0) {
            return;
        }
        int key = Integer.rotateLeft(mask, 8 * (index & 3)); // begins with the byte of the key for the first byte
        ByteBuffer longs = ByteBuffer.wrap(bytes);
        long twice = (long) key << 32 | key & 0xffff_ffffL;
        int i = from;
        for (; i + 8 <= end; i += 8) {
            longs.putLong(i, longs.getLong(i) ^ twice);
        }
        for (int shift = 24; i < end; i++, shift = shift == 0 ? 24 : shift - 8) {
            bytes[i] ^= (byte) (key >>> shift);
        }
    }

    private static Frame frame(int opcode, boolean compressed, byte[] payload) {
        return Frame.builder()
                .fin(true)
                .rsv1(compressed)
                .opcode((byte) opcode)
                .payloadData(payload)
                .build();
    }
}
