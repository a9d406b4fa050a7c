package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void theDefaultIsPort8080OnLoopback() {
        assertThat(Options.parse()).extracting(Options::host, Options::port).containsExactly("127.0.0.1", 8080);
        assertThat(Options.parse("--port", "0", "--host=::1"))
                .extracting(Options::host, Options::port)
                .containsExactly("::1", 0);
        assertThat(Options.parse("-h").print()).isEqualTo(Options.Print.HELP);
    }

    @Test
    void theMessageSaysWhatIsWrong() {
        assertThatThrownBy(() -> Options.parse("--prot", "1")).hasMessage("Unknown option --prot");
        assertThatThrownBy(() -> Options.parse("--port")).hasMessage("--port needs a value");
        assertThatThrownBy(() -> Options.parse("--port", "65536")).hasMessageContaining("0 to 65535");
        assertThatThrownBy(() -> Options.parse("--port=x")).hasMessageContaining("not x");
        assertThatThrownBy(() -> Options.parse("--log-format", "xml")).hasMessageContaining("text or json, not xml");
        assertThatThrownBy(() -> Options.parse("--handlers", "no-such.jar")).hasMessageContaining("cannot be read");
    }
}
