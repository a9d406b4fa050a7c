package dev.hubbub.container.tyrus;

import java.nio.ByteBuffer;
import org.glassfish.tyrus.core.ProtocolException;

/**
 * The header of a frame (RFC 6455, section 5.2), read as its bytes arrive. Each byte is judged before the next is waited for, so
 * that a client can announce nothing that it may not send.
 */
final class FrameHeader {
    static final int CONTINUATION = 0;

    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_AND_RSV3 = 0x30;
    private static final int CONTROL = 0x08;
    private static final int PONG = 0x0a;
    private static final int BINARY = 2;
    private static final int MASK = 0x80;
    private static final int MAX_CONTROL = 125;
    private static final int LENGTH_OF_16_BITS = 126;
    private static final int LENGTH_OF_64_BITS = 127;

    private final boolean compression;
    private final byte[] bytes = new byte[14];
    private int received;
    /** Of the whole header, once its second byte is known. */
    private int size;

    private long length;

    /** Whether frames of a message have been received, but not its last one. */
    private boolean messageUnderWay;

    /** @param compression whether permessage-deflate was negotiated */
    FrameHeader(boolean compression) {
        this.compression = compression;
    }

    /**
     * Takes bytes of the header.
     *
     * @return whether the header is complete
     * @throws ProtocolException if the client must not send such a frame
     */
    boolean read(ByteBuffer data) {
        while (data.hasRemaining()) {
            bytes[received++] = data.get();
            if (received == 1) {
                checkStart();
            } else if (received == 2) {
                checkLength();
            }
            if (received > 2 && received == size) {
                length = announcedLength();
                if (!isControl()) {
                    messageUnderWay = !isFinal();
                }
                return true;
            }
        }
        return false;
    }

    /** Prepares for the next frame. */
    void clear() {
        received = 0;
    }

    private void checkStart() {
        int opcode = opcode();
        if ((bytes[0] & RSV2_AND_RSV3) != 0 || isCompressed() && !(compression && mayStartMessage(opcode))) {
            throw new ProtocolException("A reserved bit is set");
        }
        if (isControl() ? opcode > PONG : opcode > BINARY) {
            throw new ProtocolException("The opcode is unknown");
        }
        if (isControl() && !isFinal()) {
            throw new ProtocolException("A control frame is fragmented");
        }
        if (opcode == CONTINUATION && !messageUnderWay) {
            throw new ProtocolException("There is no message to continue");
        }
        if (mayStartMessage(opcode) && messageUnderWay) {
            throw new ProtocolException("The previous message has not ended");
        }
    }

    private boolean mayStartMessage(int opcode) {
        return opcode != CONTINUATION && !isControl();
    }

    private void checkLength() {
        if ((bytes[1] & MASK) == 0) {
            throw new ProtocolException("The frame is not masked");
        }
        int code = bytes[1] & 0x7f;
        if (isControl() && code > MAX_CONTROL) {
            throw new ProtocolException("A control frame has more than 125 bytes");
        }
        size = 2 + (code == LENGTH_OF_16_BITS ? 2 : code == LENGTH_OF_64_BITS ? 8 : 0) + 4;
    }

    private long announcedLength() {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        long announced = size == 6 ? bytes[1] & 0x7f : size == 8 ? header.getShort(2) & 0xffff : header.getLong(2);
        if (announced < 0) {
            throw new ProtocolException("The highest bit of the length is set");
        }
        return announced;
    }

    boolean isFinal() {
        return (bytes[0] & FIN) != 0;
    }

    boolean isCompressed() {
        return (bytes[0] & RSV1) != 0;
    }

    boolean isControl() {
        return (bytes[0] & CONTROL) != 0;
    }

    int opcode() {
        return bytes[0] & 0x0f;
    }

    /** Of the payload, in bytes. */
    long length() {
        return length;
    }

    /** The four bytes of the masking key, the first in the highest bits. */
    int mask() {
        return ByteBuffer.wrap(bytes).getInt(size - 4);
    }
}
