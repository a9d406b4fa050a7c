package dev.hubbub.container.tyrus;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.glassfish.tyrus.core.frame.Frame;

/**
 * Reads the frames of one connection. A frame is refused by its header, before its payload is kept: a client can make the server
 * hold no more bytes than a message may have, and only bytes that it has sent. Each byte is copied a bounded number of times, in
 * however many parts it arrives.
 */
final class FrameReader {
    private final FrameHeader header;
    private final long maxMessage;
    private final long maxCompressedMessage;
    private final Runnable tooBig;

    private boolean inPayload;
    private byte[] payload;
    private int received;
    /** Bytes of payload that are still to be discarded. */
    private long discard;
    /** Payload bytes of the message so far, as they were sent. */
    private long messageLength;

    private boolean messageIsCompressed;
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
        maxCompressedMessage = maxMessage + maxMessage / 8L + 1024;
        this.tooBig = tooBig;
    }

    /**
     * Takes all the bytes.
     *
     * @param receiver receives each complete frame
     * @throws org.glassfish.tyrus.core.ProtocolException if the client violates RFC 6455
     */
    void read(ByteBuffer data, Consumer<Frame> receiver) {
        while (inPayload || data.hasRemaining()) {
            if (!inPayload) {
                if (!header.read(data)) {
                    return;
                }
                beginPayload(data.remaining());
            }
            if (discard > 0) {
                int skipped = (int) Math.min(discard, data.remaining());
                data.position(data.position() + skipped);
                discard -= skipped;
                if (discard > 0) {
                    return;
                }
            } else if (payload != null && !readPayload(data)) {
                return;
            }
            Frame frame = payload == null ? null : frame();
            inPayload = false;
            payload = null;
            header.clear();
            if (frame != null) {
                receiver.accept(frame);
            }
        }
    }

    private void beginPayload(int available) {
        inPayload = true;
        received = 0;
        if (!header.isControl()) {
            if (header.opcode() != FrameHeader.CONTINUATION) {
                messageLength = 0;
                messageIsCompressed = header.isCompressed();
            }
            // No overflow: once refused, nothing is added.
            if (!refused
                    && header.length() > (messageIsCompressed ? maxCompressedMessage : maxMessage) - messageLength) {
                refused = true;
                tooBig.run();
            }
            if (refused) {
                discard = header.length();
                return;
            }
            messageLength += header.length();
        }
        payload = new byte[(int) Math.min(header.length(), available)];
    }

    /** Whether the payload is complete. */
    private boolean readPayload(ByteBuffer data) {
        int length = (int) header.length();
        int count = Math.min(length - received, data.remaining());
        int end = received + count;
        if (payload.length < end) {
            payload = Arrays.copyOf(payload, Math.min(length, Math.max(end, 2 * payload.length)));
        }
        data.get(payload, received, count);
        unmask(payload, received, end, header.mask());
        received = end;
        return end == length;
    }

    /** @param from the index in the payload, on which the byte of the key depends (RFC 6455, section 5.3) */
    private static void unmask(byte[] payload, int from, int end, int mask) {
        if (mask == 0) {
            return;
        }
        int i = from;
        while (i < end && (i & 7) != 0) {
            payload[i] ^= (byte) (mask >>> 24 - 8 * (i & 3));
            i++;
        }
        ByteBuffer longs = ByteBuffer.wrap(payload);
        long twice = (long) mask << 32 | mask & 0xffff_ffffL;
        for (; i + 8 <= end; i += 8) {
            longs.putLong(i, longs.getLong(i) ^ twice);
        }
        for (; i < end; i++) {
            payload[i] ^= (byte) (mask >>> 24 - 8 * (i & 3));
        }
    }

    private Frame frame() {
        return Frame.builder()
                .fin(header.isFinal())
                .rsv1(header.isCompressed())
                .opcode((byte) header.opcode())
                .payloadData(payload)
                .build();
    }
}
