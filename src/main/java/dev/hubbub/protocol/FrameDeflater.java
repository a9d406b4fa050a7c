package dev.hubbub.protocol;

import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.Deflater;

/**
 * Compresses messages for permessage-deflate (RFC 7692, section 7.2.1). Each message is compressed independently of those
 * before it, which every sender may do, so all receivers get the same bytes.
 */
final class FrameDeflater {
    /** The bytes at the end of a flush, which are not sent: the receiver appends them again. */
    private static final int TAIL = 4;

    private static final int MAX_IDLE = 8;

    /** Deflaters are reused, because creating one takes memory and time. */
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
        if (IDLE.size() < MAX_IDLE) {
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
