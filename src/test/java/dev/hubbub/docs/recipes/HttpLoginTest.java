package dev.hubbub.docs.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Close;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** By itself, because it rejects every client without an HTTP session. */
class HttpLoginTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(HttpLogin.class);

    @Test
    void theUserComesFromTheSession() {
        TestClient kim = hubbub.client().sessionAttribute("user", "kim").connect();
        assertThat(kim.ask("whoami", null, String.class)).isEqualTo("kim");
    }

    @Test
    void aClientWithoutASessionIsRejected() {
        Close close = hubbub.connect().expectClose();
        assertThat(close.code()).isEqualTo(1008);
        assertThat(close.reason()).isEqualTo("Log in first");
    }
}
