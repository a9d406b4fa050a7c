package dev.hubbub.standalone;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.ChunkedTransferEncoding;
import org.glassfish.grizzly.http.HttpCodecFilter;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.ParsingResult;
import org.glassfish.grizzly.http.TransferEncoding;

/**
 * Reads bodies in chunks (RFC 9112, section 7.1) and ignores their extensions and trailers. Grizzly (4.0.2) rejects a chunk with an
 * extension, which a recipient must ignore if it does not know it, and accepts line ends that proxies understand in another way.
 */
final class ChunkedBody implements TransferEncoding {
    private static final Attribute<Progress> PROGRESS =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("dev.hubbub.chunks", Progress::new);

    /** Digits of the size of a chunk; no overflow of a long. */
    private static final int MAX_DIGITS = 15;

    /** Bytes of all extensions and trailers of one body. */
    private static final int MAX_IGNORED = 16 * 1024;

    private final TransferEncoding grizzly;

    private ChunkedBody(TransferEncoding grizzly) {
        this.grizzly = grizzly;
    }

    /** Takes the place of Grizzly's own. */
    static void install(HttpCodecFilter codec) {
        for (TransferEncoding encoding : codec.getTransferEncodings()) {
            if (encoding instanceof ChunkedTransferEncoding) {
                codec.removeTransferEncoding(encoding);
                codec.addTransferEncoding(new ChunkedBody(encoding));
                return;
            }
        }
        throw new IllegalStateException("This version of Grizzly is not the one that Hubbub was built with");
    }

    private enum Part {
        SIZE,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_END,
        TRAILER_START,
        TRAILER,
        TRAILER_END,
        LAST_END,
        DONE
    }

    /** How far a body has been read. */
    private static final class Progress {
        private Part part = Part.SIZE;
        private int digits;
        private long remaining;
        private int ignored;

        /** Takes a byte that is not data. */
        void take(byte next) {
            switch (part) {
                case SIZE -> size(next);
                case EXTENSION -> ignore(next, Part.SIZE_END);
                case SIZE_END -> {
                    require(next, '\n');
                    digits = 0;
                    part = remaining == 0 ? Part.TRAILER_START : Part.DATA;
                }
                case DATA_CR -> {
                    require(next, '\r');
                    part = Part.DATA_END;
                }
                case DATA_END -> {
                    require(next, '\n');
                    part = Part.SIZE;
                }
                case TRAILER_START -> {
                    if (next == '\r') {
                        part = Part.LAST_END;
                    } else {
                        part = Part.TRAILER;
                        ignore(next, Part.TRAILER_END);
                    }
                }
                case TRAILER -> ignore(next, Part.TRAILER_END);
                case TRAILER_END -> {
                    require(next, '\n');
                    part = Part.TRAILER_START;
                }
                case LAST_END -> {
                    require(next, '\n');
                    part = Part.DONE;
                }
                case DATA, DONE -> throw new IllegalStateException(part.name());
            }
        }

        private void size(byte next) {
            int digit = Character.digit(next, 16);
            if (digit >= 0) {
                if (digits++ == MAX_DIGITS) {
                    throw new IllegalArgumentException("A chunk is too large");
                }
                remaining = remaining << 4 | digit;
                return;
            }
            if (digits == 0) {
                throw new IllegalArgumentException("A chunk has no size");
            }
            switch (next) {
                case '\r' -> part = Part.SIZE_END;
                case ';', ' ', '\t' -> part = Part.EXTENSION;
                default -> throw new IllegalArgumentException("The size of a chunk is no hexadecimal number");
            }
        }

        private void ignore(byte next, Part atEnd) {
            if (next == '\r') {
                part = atEnd;
            } else if (next == '\n' || ++ignored > MAX_IGNORED) {
                throw new IllegalArgumentException("An extension or a trailer is invalid or too long");
            }
        }

        private static void require(byte next, char expected) {
            if (next != expected) {
                throw new IllegalArgumentException("A chunk does not end with CRLF");
            }
        }
    }

    @Override
    public ParsingResult parsePacket(FilterChainContext context, HttpHeader header, Buffer buffer) {
        Progress progress = PROGRESS.get(header);
        while (buffer.hasRemaining()) {
            if (progress.part == Part.DATA) {
                return data(header, progress, buffer);
            }
            progress.take(buffer.get());
            if (progress.part == Part.DONE) {
                PROGRESS.remove(header);
                Buffer next = buffer.hasRemaining() ? buffer.split(buffer.position()) : null;
                return ParsingResult.create(
                        header.httpContentBuilder().last(true).build(), next);
            }
        }
        return ParsingResult.create(null, null);
    }

    private static ParsingResult data(HttpHeader header, Progress progress, Buffer buffer) {
        int count = (int) Math.min(progress.remaining, buffer.remaining());
        Buffer next = count < buffer.remaining() ? buffer.split(buffer.position() + count) : null;
        progress.remaining -= count;
        if (progress.remaining == 0) {
            progress.part = Part.DATA_CR;
        }
        return ParsingResult.create(header.httpContentBuilder().content(buffer).build(), next);
    }

    @Override
    public boolean wantDecode(HttpHeader header) {
        return header.isChunked();
    }

    @Override
    public boolean wantEncode(HttpHeader header) {
        return grizzly.wantEncode(header);
    }

    @Override
    public void prepareSerialize(FilterChainContext context, HttpHeader header, HttpContent content) {
        grizzly.prepareSerialize(context, header, content);
    }

    @Override
    public Buffer serializePacket(FilterChainContext context, HttpContent content) {
        return grizzly.serializePacket(context, content);
    }
}
