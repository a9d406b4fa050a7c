package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {
    private final MessageAssembler assembler = new MessageAssembler(10, false);

    @Test
    void partsAreAssembledIntoOneMessageAndTheNextStartsEmpty() {
        assertThat(assembler.add("ab", false)).isNull();
        assertThat(assembler.add("", false)).isNull();
        assertThat(assembler.add("cd", true)).isEqualTo("abcd");
        assertThat(assembler.add("ef", true)).isEqualTo("ef");
        assertThat(assembler.add(ByteBuffer.wrap(new byte[] {1, 2}), false)).isNull();
        assertThat(assembler.add(ByteBuffer.wrap(new byte[] {3}), true))
                .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(assembler.isTooBig()).isFalse();
    }

    @Test
    void theLimitCountsBytesOfUtf8() {
        assertThat(assembler.add("\u00e9".repeat(5), true)).isNotNull();
        assertThat(assembler.add("\u00e9".repeat(5) + "x", true)).isNull();
        assertThat(assembler.isTooBig()).isTrue();
        for (String text : new String[] {"a", "\u00e9", "\uc548", "\ud83d\ude00", "a\u00e9\uc548\ud83d\ude00"}) {
            assertThat(MessageAssembler.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void aMessageOverTheLimitIsDetectedBeforeItsLastPart() {
        for (int i = 0; i < 10; i++) {
            assertThat(assembler.add("x", false)).isNull();
        }
        assertThat(assembler.isTooBig()).isFalse();
        assembler.add("x", false);
        assertThat(assembler.isTooBig()).isTrue();
        MessageAssembler binary = new MessageAssembler(10, false);
        binary.add(ByteBuffer.allocate(6), false);
        binary.add(ByteBuffer.allocate(6), false);
        assertThat(binary.isTooBig()).isTrue();
    }

    /** Otherwise the server would unpack all that a client has compressed. */
    @Test
    void aClientThatCompressesMayNotSendMuchMoreOfAMessageThatIsTooBig() {
        MessageAssembler compressed = new MessageAssembler(10, true);
        assertThat(compressed.add("01234567890", false)).isNull();
        assertThat(compressed.isTooBig()).isTrue();
        compressed.drop(1_000_000);
        compressed.drop(1_000_000);
        assertThatThrownBy(() -> compressed.drop(1)).isInstanceOf(IllegalStateException.class);
        assembler.drop(3_000_000); // without compression, the client pays for it
    }
}
