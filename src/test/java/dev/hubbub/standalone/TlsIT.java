package dev.hubbub.standalone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.browser.Chromium;
import dev.hubbub.client.HandshakeProbe;
import dev.hubbub.client.Keystore;
import dev.hubbub.client.TrustAll;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;

/** {@code https} and {@code wss} on the standalone server. */
class TlsIT {
    @TempDir
    private static Path folder;

    private static Path keystore;

    @BeforeAll
    static void createKey() throws Exception {
        keystore = folder.resolve("key.p12");
        Keystore.create(keystore);
    }

    private static WarProcess start(String... options) throws Exception {
        return WarProcess.start(Map.of("HUBBUB_TLS_PASSWORD", Keystore.PASSWORD), options);
    }

    @Test
    void aBrowserConnectsByWss() throws Exception {
        try (WarProcess war = start("--tls-keystore", keystore.toString())) {
            assertThat(war.url().getScheme()).isEqualTo("https");
            ChromeDriver browser = Chromium.start();
            try {
                browser.get(war.url().toString());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> "open"
                                .equals(browser.executeScript(
                                        "return document.querySelector('#status')?.dataset.state")));
                assertThat(browser.executeScript("return location.protocol")).isEqualTo("https:");
            } finally {
                browser.quit();
            }
        }
    }

    @Test
    void olderProtocolsThanTls12AreRejected() throws Exception {
        try (WarProcess war = start("--tls-keystore", keystore.toString())) {
            assertThat(handshake(war, "TLSv1.3")).isEqualTo("TLSv1.3");
            assertThat(handshake(war, "TLSv1.2")).isEqualTo("TLSv1.2");
            assertThatThrownBy(() -> handshake(war, "TLSv1.1")).isInstanceOf(SSLException.class);
        }
    }

    /** Each renegotiation costs the server much more than the client. */
    @Test
    void aClientMayNotRenegotiate() throws Exception {
        try (WarProcess war = start("--tls-keystore", keystore.toString());
                SSLSocket socket = connect(war, "TLSv1.2")) {
            socket.startHandshake();
            socket.startHandshake();
            socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void pemFilesAreAccepted() throws Exception {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Keystore.toPem(keystore, certificate, key);
        try (WarProcess war = start("--tls-certificate", certificate.toString(), "--tls-key", key.toString())) {
            assertThat(handshake(war, "TLSv1.3")).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void aRenewedCertificateIsUsedWithoutARestartOnceItsKeyIsThereToo() throws Exception {
        Path key = folder.resolve("renewed-key.pem");
        Path certificate = folder.resolve("renewed-certificate.pem");
        Keystore.toPem(keystore, certificate, key);
        try (WarProcess war = start("--tls-certificate", certificate.toString(), "--tls-key", key.toString())) {
            Certificate before = certificate(war);
            Path other = folder.resolve("other.p12");
            Keystore.create(other);
            Keystore.toPem(other, certificate, folder.resolve("other-key.pem"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(war.output)
                            .anyMatch(line -> line.contains(
                                            "The renewed certificate cannot be used, and the present one remains")
                                    && line.endsWith("is not that of the first certificate in " + certificate)));
            assertThat(certificate(war)).isEqualTo(before);
            Files.move(folder.resolve("other-key.pem"), key, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(certificate(war)).isNotEqualTo(before));
            await().untilAsserted(() -> assertThat(war.output)
                    .anyMatch(line -> line.contains("is used for new connections; it is valid until 20")));
        }
    }

    private static Certificate certificate(WarProcess war) throws Exception {
        try (SSLSocket socket = (SSLSocket) TrustAll.context()
                .getSocketFactory()
                .createSocket("127.0.0.1", war.url().getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aWrongPasswordPreventsTheStartWithAMessage() throws Exception {
        try (WarProcess war =
                WarProcess.start(Map.of("HUBBUB_TLS_PASSWORD", "wrong"), "--tls-keystore", keystore.toString())) {
            assertThat(war.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(war.process.exitValue()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(String.join("\n", war.output))
                    .contains("Hubbub cannot start: ", "key.p12 cannot be opened", "HUBBUB_TLS_PASSWORD"));
        }
    }

    @Test
    void hstsIsSentOverTlsAndOverATrustedProxyWithTls() throws Exception {
        HttpClient http = HttpClient.newBuilder().sslContext(TrustAll.context()).build();
        try (WarProcess war = WarProcess.start(
                Map.of("HUBBUB_TLS_PASSWORD", Keystore.PASSWORD, "HUBBUB_HSTS", "31536000"),
                "--tls-keystore",
                keystore.toString())) {
            for (String path : List.of("", "health", "missing", "events/poll?wait=0")) {
                HttpRequest request =
                        HttpRequest.newBuilder(war.url().resolve(path)).build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                                .headers()
                                .firstValue("Strict-Transport-Security"))
                        .as(path)
                        .hasValue("max-age=31536000");
            }
        }
        try (WarProcess war = WarProcess.start(
                Map.of("HUBBUB_HSTS", "max-age=100; includeSubDomains", "HUBBUB_TRUSTED_PROXIES", "127.0.0.1"))) {
            assertThat(HandshakeProbe.request(war.url(), "GET", "health", "", "X-Forwarded-Proto", "https")
                            .header("Strict-Transport-Security"))
                    .isEqualTo("max-age=100; includeSubDomains");
            assertThat(HandshakeProbe.request(war.url(), "GET", "health", "").header("Strict-Transport-Security"))
                    .isEmpty();
        }
    }

    /** The negotiated protocol. */
    private static String handshake(WarProcess war, String protocol) throws Exception {
        try (SSLSocket socket = connect(war, protocol)) {
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static SSLSocket connect(WarProcess war, String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) TrustAll.context()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), war.url().getPort());
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }
}
