package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u001b", "\u0085", "\u009b", "\u2028", "\u202e", "\ud800"})
    void aControlCharacterIsLoggedAsAnEscape(String control) {
        assertThat(Protocol.isPrintable("a" + control)).isFalse();
        assertThat(Protocol.printable("a" + control + "b"))
                .isEqualTo(String.format("a\\u%04xb", (int) control.charAt(0)));
    }

    @Test
    void otherTextIsLoggedUnchanged() {
        assertThat(Protocol.printable("김 👩‍👩‍👧 ok")).isEqualTo("김 👩‍👩‍👧 ok");
    }
}
