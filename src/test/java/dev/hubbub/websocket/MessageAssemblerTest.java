package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {
    private final MessageAssembler assembly = new MessageAssembler(10);

    @Test
    void partsBecomeOneMessageAndTheNextBeginsAnew() {
        assertThat(assembly.add("ab", false)).isNull();
        assertThat(assembly.add("", false)).isNull();
        assertThat(assembly.add("cd", true)).isEqualTo("abcd");
        assertThat(assembly.add("ef", true)).isEqualTo("ef");
        assertThat(assembly.add(ByteBuffer.wrap(new byte[] {1, 2}), false)).isNull();
        assertThat(assembly.add(ByteBuffer.wrap(new byte[] {3}), true))
                .isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(assembly.isTooBig()).isFalse();
    }

    @Test
    void theLimitCountsBytesOfUtf8() {
        assertThat(assembly.add("\u00e9".repeat(5), true)).isNotNull();
        assertThat(assembly.add("\u00e9".repeat(5) + "x", true)).isNull();
        assertThat(assembly.isTooBig()).isTrue();
        for (String text : new String[] {"a", "\u00e9", "\uc548", "\ud83d\ude00", "a\u00e9\uc548\ud83d\ude00"}) {
            assertThat(MessageAssembler.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void manyPartsAreStoppedBeforeTheyAreKept() {
        for (int i = 0; i < 10; i++) {
            assertThat(assembly.add("x", false)).isNull();
        }
        assertThat(assembly.isTooBig()).isFalse();
        assembly.add("x", false);
        assertThat(assembly.isTooBig()).isTrue();
        MessageAssembler binary = new MessageAssembler(10);
        binary.add(ByteBuffer.allocate(6), false);
        binary.add(ByteBuffer.allocate(6), false);
        assertThat(binary.isTooBig()).isTrue();
    }
}
