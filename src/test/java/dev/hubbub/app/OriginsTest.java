package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private final Origins sameHost = Origins.parse("");
    private final Origins listed =
            Origins.parse("https://app.example, https://*.example.org http://localhost:3000,null");

    @ParameterizedTest
    @CsvSource({
        "http://a.example, a.example, true",
        "https://a.example, a.example, true",
        "http://a.example:8080, a.example:8080, true",
        "https://A.example, a.example:443, true",
        "https://[::1]:8443, [::1]:8443, true",
        "http://a.example, a.example:8080, false",
        "http://b.example, a.example, false",
        "http://a.example.evil.example, a.example, false",
        "http://evil-a.example, a.example, false",
        "null, a.example, false",
        "http://a.example, , false",
        "nonsense, a.example, false",
        ", a.example, true"
    })
    void withoutAListOnlyTheSameHostIsAllowed(String origin, String host, boolean allowed) {
        assertThat(sameHost.allows(origin, new Origins.Target(host, false))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, true",
        "https://APP.example:443, true",
        "http://app.example, false",
        "https://x.example.org, true",
        "https://x.y.example.org, true",
        "https://example.org, false",
        "https://.example.org, false",
        "https://evilexample.org, false",
        "https://example.org.evil.example, false",
        "http://localhost:3000, true",
        "http://localhost:3001, false",
        "null, true",
        "https://here.example, true"
    })
    void listedOriginsAreAllowed(String origin, boolean allowed) {
        assertThat(listed.allows(origin, new Origins.Target("here.example", false)))
                .isEqualTo(allowed);
    }

    @Test
    void aPageWithoutTlsMayNotUseAServerWithTls() {
        Origins.Target secure = new Origins.Target("a.example", true);
        assertThat(sameHost.allows("https://a.example", secure)).isTrue();
        assertThat(sameHost.allows("http://a.example", secure)).isFalse();
        assertThat(Origins.parse("http://a.example").allows("http://a.example", secure))
                .isTrue();
    }

    @Test
    void aStarAllowsAnyOriginButNotItsCredentials() {
        Origins any = Origins.parse("*, https://app.example");
        Origins.Target target = new Origins.Target("a.example", false);
        assertThat(any.allowsAny()).isTrue();
        assertThat(any.allows("https://evil.example", target)).isTrue();
        assertThat(any.allowsCredentials("https://evil.example", target)).isFalse();
        assertThat(any.allowsCredentials("https://app.example", target)).isTrue();
        assertThat(any.allowsCredentials("https://a.example", target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example", "https://", "https://a/", "https://a/path", "https://*", "https://a.*.b"})
    void anInvalidOriginIsRejected(String entry) {
        assertThatThrownBy(() -> Origins.parse(entry)).isInstanceOf(IllegalArgumentException.class);
    }
}
