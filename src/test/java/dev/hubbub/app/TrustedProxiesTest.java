package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies =
            TrustedProxies.parse("127.0.0.1, 10.0.0.0/8 ::1,2001:db8::/33", "X-Forwarded-For");

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, '203.0.113.7', 203.0.113.7",
        "127.0.0.1, '1.2.3.4, 203.0.113.7', 203.0.113.7",
        "127.0.0.1, '203.0.113.7, 10.255.0.1', 203.0.113.7",
        "127.0.0.1, '10.0.0.2, 10.0.0.3', 10.0.0.2",
        "::1, '2001:db9::7', 2001:db9::7",
        "2001:db8:7fff::1, '[2001:db9::7]:443', 2001:db9::7",
        "127.0.0.1, '203.0.113.7:5050', 203.0.113.7",
        "11.0.0.1, '203.0.113.7', 11.0.0.1",
        "2001:db8:8000::1, '203.0.113.7', 2001:db8:8000::1",
        "127.0.0.1, 'evil.example', 127.0.0.1",
        "127.0.0.1, '203.0.113.7, unknown', 127.0.0.1",
        "127.0.0.1, '', 127.0.0.1",
    })
    void xForwardedForIsReadFromItsEndWhileAddressesAreTrusted(String socket, String header, String client) {
        assertThat(proxies.clientAddress(socket, headers(Map.of("X-Forwarded-For", List.of(header))))
                        .text())
                .isEqualTo(client);
    }

    @Test
    void onlyTheHeaderOfTheSettingIsRead() {
        Function<String, List<String>> both = headers(Map.of(
                "Forwarded",
                List.of("for=192.0.2.60;proto=http;by=203.0.113.43, For=\"[2001:db8::17]:4711\""),
                "X-Forwarded-For",
                List.of("9.9.9.9")));
        assertThat(proxies.clientAddress("127.0.0.1", both))
                .isEqualTo(new TrustedProxies.ClientAddress("9.9.9.9", true));
        assertThat(TrustedProxies.parse("127.0.0.1, 2001:db8::/33", "Forwarded").clientAddress("127.0.0.1", both))
                .isEqualTo(new TrustedProxies.ClientAddress("192.0.2.60", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.60 | 192.0.2.60",
                "For=\"[2001:db9::7]:4711\";proto=https | 2001:db9::7",
                "proto=\"x;for=9.9.9.9\";for=192.0.2.60 | 192.0.2.60",
                "for=192.0.2.60;by=\"a, for=9.9.9.9\" | 192.0.2.60",
                "host=\"a\\\";for=9.9.9.9;b=\\\"\";for=192.0.2.60 | 192.0.2.60",
                "for=192.0.2.60;x-for=9.9.9.9 | 192.0.2.60",
                "for=192.0.2.60;for=9.9.9.9 | 127.0.0.1",
                "for=9.9.9.9, x-for=1.2.3.4 | 127.0.0.1",
                "for=9.9.9.9, proto=https | 127.0.0.1",
                "for=9.9.9.9, for=\"192.0.2.60 | 127.0.0.1",
                "for=9.9.9.9, for=_hidden | 127.0.0.1",
                "for=9.9.9.9, for=unknown | 127.0.0.1",
                "for=9.9.9.9, | 127.0.0.1",
                "for = 192.0.2.60 | 127.0.0.1",
                "for=9.9.9.9, for=192.0.2.60:4711 | 192.0.2.60",
            })
    void forwardedIsReadByTheRulesOfItsGrammar(String header, String client) {
        assertThat(TrustedProxies.parse("127.0.0.1", "Forwarded")
                        .clientAddress("127.0.0.1", headers(Map.of("Forwarded", List.of(header))))
                        .text())
                .isEqualTo(client);
    }

    private static Function<String, List<String>> headers(Map<String, List<String>> all) {
        return name -> all.getOrDefault(name, List.of());
    }

    @Test
    void noProxyIsTrustedByDefault() {
        assertThat(TrustedProxies.parse("", "X-Forwarded-For")
                        .clientAddress("127.0.0.1", headers(Map.of("X-Forwarded-For", List.of("1.2.3.4")))))
                .isEqualTo(new TrustedProxies.ClientAddress("127.0.0.1", false));
        assertThat(proxies.clientAddress("127.0.0.1", headers(Map.of("X-Forwarded-For", List.of("127.0.0.1")))))
                .isEqualTo(new TrustedProxies.ClientAddress("127.0.0.1", true));
        assertThat(proxies.clientAddress(null, headers(Map.of())))
                .isEqualTo(new TrustedProxies.ClientAddress("unknown", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::1/129", "1.2.3", "300.1.1.1"})
    void anInvalidNetworkIsRejected(String list) {
        assertThatThrownBy(() -> TrustedProxies.parse(list, "X-Forwarded-For"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTargetComesFromATrustedProxyAndOtherwiseFromTheRequest() {
        Map<String, List<String>> headers = Map.of(
                "Host", List.of("inside:8080"),
                "X-Forwarded-Host", List.of("app.example"),
                "X-Forwarded-Proto", List.of("https"));
        assertThat(proxies.target(request("127.0.0.1", headers))).isEqualTo(new Origins.Target("app.example", true));
        assertThat(proxies.target(request("203.0.113.9", headers))).isEqualTo(new Origins.Target("inside:8080", false));
        assertThat(proxies.target(request(null, headers))).isEqualTo(new Origins.Target("inside:8080", false));
        assertThat(proxies.target(request("127.0.0.1", Map.of("Host", List.of("inside")))))
                .isEqualTo(new Origins.Target("inside", false));
    }

    private static HandshakeRequest request(String socket, Map<String, List<String>> headers) {
        return new HandshakeRequest(socket, false, headers::get, null, () -> null, role -> false);
    }
}
