package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    private final Hosts none = Hosts.parse("");
    private final Hosts named = Hosts.parse("Chat.example, *.example.org, [2001:db8::1], 203.0.113.7, bücher.example");

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
    void aLoopbackAddressAcceptsItsOwnNames(String host) {
        assertThat(none.accept(host, true)).isTrue();
        assertThat(named.accept(host, true)).isTrue();
        assertThat(named.accept(host, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.localhost",
                "127.0.0.1.evil.example:8080",
                "localhost:80@evil.example",
                "[::1].evil.example",
                "192.0.2.1",
                "0.0.0.0",
                "."
            })
    void aLoopbackAddressAcceptsNoOtherName(String host) {
        assertThat(none.accept(host, true)).isFalse();
        assertThat(named.accept(host, true)).isFalse();
        assertThat(named.accept(host, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat.example",
                "CHAT.EXAMPLE:443",
                "chat.example.",
                "a.example.org",
                "b.a.example.org:80",
                "[2001:db8::1]:8080",
                "203.0.113.7",
                "xn--bcher-kva.example"
            })
    void theNamesOfTheSettingAreAccepted(String host) {
        assertThat(named.accept(host, false)).isTrue();
        assertThat(named.accept(host, true)).isTrue();
        assertThat(none.accept(host, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.example.evil", "evilchat.example", "example.org", ".example.org", "evilexample.org"})
    void namesThatOnlyContainAnAcceptedOneAreRejected(String host) {
        assertThat(named.accept(host, false)).isFalse();
    }

    @Test
    void withoutTheSettingEveryNameIsAcceptedExceptOnALoopbackAddress() {
        assertThat(none.accept("chat.example", false)).isTrue();
        assertThat(Hosts.parse("*").accept("chat.example", true)).isTrue();
    }

    /** Browsers always send Host; the health checks of some proxies do not. */
    @Test
    void aRequestWithoutAHostIsAccepted() {
        assertThat(named.accept(null, true)).isTrue();
        assertThat(named.accept("", false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://chat.example", "chat.example:8080", "chat.*", "*.*", "a b/c", "*chat.example"})
    void anInvalidNameIsReported(String list) {
        assertThatThrownBy(() -> Hosts.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }
}
