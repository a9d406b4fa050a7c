package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static Handshake with(String header, String... values) {
        return new Handshake("127.0.0.1", Map.of(header, List.of(values)), Map.of(), Identity.ANONYMOUS);
    }

    @Test
    void cookiesAreFoundInAnyHeaderLineAndQuotesAreRemoved() {
        Handshake handshake = with("cookie", "a=1; theme=dark;empty=", "q=\"x y\"; a=2; b=c=d");
        assertThat(handshake.cookie("a")).contains("1");
        assertThat(handshake.cookie("theme")).contains("dark");
        assertThat(handshake.cookie("empty")).contains("");
        assertThat(handshake.cookie("q")).contains("x y");
        assertThat(handshake.cookie("b")).contains("c=d");
        assertThat(handshake.cookie("A")).isEmpty();
        assertThat(with("x", "y").cookie("a")).isEmpty();
    }

    @Test
    void theLocaleIsTheOneThatTheUserPrefersMost() {
        assertThat(with("accept-language", "en;q=0.5, ko-KR, *;q=0.1").locale()).contains(Locale.KOREA);
        assertThat(with("accept-language", "*").locale()).isEmpty();
        assertThat(with("accept-language", "en;q=x").locale()).isEmpty();
        assertThat(with("x", "y").locale()).isEmpty();
    }

    @Test
    void aRequestMayHaveNeitherASessionNorAUserAgent() {
        assertThat(with("x", "y").session()).isEmpty();
        assertThat(with("x", "y").userAgent()).isEmpty();
        assertThat(with("user-agent", "curl").userAgent()).contains("curl");
    }
}
