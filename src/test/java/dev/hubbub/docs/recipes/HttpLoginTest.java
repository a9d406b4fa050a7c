package dev.hubbub.docs.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Close;
import dev.hubbub.test.HubbubExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** By itself, because it rejects every client of the test kit, which has no HTTP sessions. */
class HttpLoginTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(HttpLogin.class);

    @Test
    void aClientWithoutASessionIsRejected() {
        Close close = hubbub.connect().expectClose();
        assertThat(close.code()).isEqualTo(1008);
        assertThat(close.reason()).isEqualTo("Log in first");
    }
}
