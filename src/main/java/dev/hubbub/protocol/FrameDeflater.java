package dev.hubbub.protocol;

import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Deflater;

/**
 * Compresses messages as permessage-deflate wants them (RFC 7692, section 7.2.1), each without knowledge of those before, as any
 * sender may: so the same bytes are good for every receiver.
 */
final class FrameDeflater {
    /** What a flush ends with; receivers add it again. */
    private static final int TAIL = 4;

    private static final int MOST_IDLE = 8;

    /** A deflater takes memory and time to make. */
    private static final Queue<Deflater> IDLE = new ConcurrentLinkedQueue<>();

    private FrameDeflater() {}

    static byte[] deflate(byte[] bytes, int start, int length) {
        Deflater idle = IDLE.poll();
        Deflater deflater = idle == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : idle;
        deflater.setInput(bytes, start, length);
        ByteArrayOutputStream to = new ByteArrayOutputStream(length / 2 + 64);
        byte[] part = new byte[Math.min(length + 64, 8192)];
        int more;
        do {
            more = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
            to.write(part, 0, more);
        } while (more == part.length);
        if (IDLE.size() < MOST_IDLE) {
            deflater.reset();
            IDLE.add(deflater);
        } else {
            deflater.end();
        }
        byte[] deflated = to.toByteArray();
        byte[] message = new byte[deflated.length - TAIL];
        System.arraycopy(deflated, 0, message, 0, message.length);
        return message;
    }
}
