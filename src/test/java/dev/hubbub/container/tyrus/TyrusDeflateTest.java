package dev.hubbub.container.tyrus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import jakarta.websocket.Extension;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.glassfish.tyrus.core.TyrusExtension;
import org.glassfish.tyrus.core.frame.Frame;
import org.junit.jupiter.api.Test;

class TyrusDeflateTest {
    private static final int LIMIT = 100_000;
    private static final int TEXT = 1;
    private static final int CONTINUATION = 0;
    private static final int PING = 9;

    private final TyrusDeflate deflate = new TyrusDeflate(LIMIT);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] deflated(byte[] message, int flush) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        if (flush == Deflater.NO_FLUSH) {
            deflater.finish();
        }
        byte[] to = new byte[message.length + 64];
        int length = deflater.deflate(to, 0, to.length, flush);
        deflater.end();
        return Arrays.copyOf(to, flush == Deflater.NO_FLUSH ? length : length - 4);
    }

    private static byte[] deflated(byte[] message) {
        return deflated(message, Deflater.SYNC_FLUSH);
    }

    private Frame receive(int opcode, boolean rsv1, boolean fin, byte[] payload) {
        return deflate.processIncoming(
                null,
                Frame.builder()
                        .opcode((byte) opcode)
                        .rsv1(rsv1)
                        .fin(fin)
                        .payloadLength(payload.length)
                        .payloadData(payload)
                        .build());
    }

    private void assertReceives(String text) {
        Frame frame = receive(TEXT, true, true, deflated(bytes(text)));
        assertThat(frame.isRsv1()).isFalse();
        assertThat(frame.getPayloadData()).isEqualTo(bytes(text));
        assertThat(frame.getPayloadLength()).isEqualTo(bytes(text).length);
    }

    @Test
    void eachMessageIsDecompressedIndependently() {
        assertReceives("one");
        assertReceives("");
        assertReceives("two ".repeat(10_000));
        assertThat(receive(TEXT, false, true, bytes("plain")).getPayloadData()).isEqualTo(bytes("plain"));
        assertReceives("three");
    }

    @Test
    void aFragmentedMessageMayBeInterleavedWithPings() {
        byte[] text = bytes("part after part ".repeat(100));
        byte[] whole = deflated(text);
        byte[] head = receive(TEXT, true, false, Arrays.copyOf(whole, 5)).getPayloadData();
        assertThat(receive(PING, false, true, bytes("x")).getPayloadData()).isEqualTo(bytes("x"));
        byte[] none = receive(CONTINUATION, false, false, new byte[0]).getPayloadData();
        byte[] rest = receive(CONTINUATION, false, true, Arrays.copyOfRange(whole, 5, whole.length))
                .getPayloadData();
        assertThat(none).isEmpty();
        byte[] got = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, got, head.length, rest.length);
        assertThat(got).isEqualTo(text);
        assertReceives("next");
    }

    @Test
    void uncompressedFragmentsAreUnchanged() {
        assertThat(receive(TEXT, false, false, bytes("a")).getPayloadData()).isEqualTo(bytes("a"));
        assertThat(receive(CONTINUATION, false, true, bytes("b")).getPayloadData())
                .isEqualTo(bytes("b"));
    }

    /** RFC 7692, section 7.2.3.4. */
    @Test
    void aMessageMayEndWithAFinalDeflateBlock() {
        byte[] finished = deflated(bytes("Hello"), Deflater.NO_FLUSH);
        byte[] payload = Arrays.copyOf(finished, finished.length + 1);
        assertThat(receive(TEXT, true, true, payload).getPayloadData()).isEqualTo(bytes("Hello"));
        assertReceives("next");
    }

    @Test
    void decompressionStopsOneByteOverTheLimit() {
        assertReceives("x".repeat(LIMIT));
        Frame bomb = receive(TEXT, true, true, deflated(new byte[50 * LIMIT]));
        assertThat(bomb.isRsv1()).isFalse();
        assertThat(bomb.getPayloadLength()).isEqualTo(LIMIT + 1);
        assertReceives("next");
    }

    /** Tyrus closes the connection if RSV1 is still set. */
    @Test
    void invalidFramesKeepRsv1() {
        byte[] broken = {(byte) 0xff, (byte) 0xff, 1, 2, 3};
        assertThat(receive(TEXT, true, true, broken).isRsv1()).isTrue();
        assertThat(receive(CONTINUATION, true, true, deflated(bytes("x"))).isRsv1())
                .isTrue();
        assertThat(receive(PING, true, true, bytes("x")).isRsv1()).isTrue();
        receive(TEXT, true, false, deflated(bytes("x")));
        assertThat(receive(CONTINUATION, true, true, deflated(bytes("x"))).isRsv1())
                .isTrue();
        assertThat(receive(CONTINUATION, false, true, broken).isRsv1()).isTrue();
    }

    private static List<Extension> agreed(String offers) {
        return TyrusDeflate.negotiate(TyrusExtension.fromString(List.of(offers)), LIMIT);
    }

    @Test
    void theFirstSupportedOfferIsAccepted() {
        assertThat(agreed("permessage-deflate")).hasSize(1);
        assertThat(agreed("permessage-deflate; client_max_window_bits")).hasSize(1);
        assertThat(agreed("permessage-deflate; server_no_context_takeover; server_max_window_bits=15"))
                .hasSize(1);
        assertThat(agreed("permessage-deflate; server_max_window_bits=10")).isEmpty();
        assertThat(agreed("permessage-deflate; server_max_window_bits=10, permessage-deflate"))
                .hasSize(1);
        assertThat(agreed("permessage-deflate; unheard_of")).isEmpty();
        assertThat(agreed("x-webkit-deflate-frame")).isEmpty();
        Extension answer = agreed("permessage-deflate").get(0);
        assertThat(answer.getName()).isEqualTo("permessage-deflate");
        assertThat(answer.getParameters())
                .extracting(Extension.Parameter::getName, Extension.Parameter::getValue)
                .containsExactly(tuple("server_no_context_takeover", null), tuple("client_no_context_takeover", null));
    }
}
