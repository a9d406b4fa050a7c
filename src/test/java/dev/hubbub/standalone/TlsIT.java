package dev.hubbub.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hubbub.browser.Chromium;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;

/** {@code https} and {@code wss} in the standalone run. */
class TlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static Path keystore;

    @BeforeAll
    static void makeKey() throws Exception {
        keystore = folder.resolve("key.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "hubbub",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private static WarProcess start(String... options) throws Exception {
        return WarProcess.start(Map.of("HUBBUB_TLS_PASSWORD", PASSWORD), options);
    }

    @Test
    void aBrowserChatsByWss() throws Exception {
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
    void onlyModernProtocolsAreSpoken() throws Exception {
        try (WarProcess war = start("--tls-keystore", keystore.toString())) {
            assertThat(handshake(war, "TLSv1.3")).isEqualTo("TLSv1.3");
            assertThat(handshake(war, "TLSv1.2")).isEqualTo("TLSv1.2");
            assertThatThrownBy(() -> handshake(war, "TLSv1.1")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aPairOfPemFilesDoesAsWell() throws Exception {
        KeyStore store = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
        Key key = store.getKey("hubbub", PASSWORD.toCharArray());
        Path keyFile = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("hubbub").getEncoded()));
        try (WarProcess war = start("--tls-certificate", certificate.toString(), "--tls-key", keyFile.toString())) {
            assertThat(handshake(war, "TLSv1.3")).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void aWrongPasswordIsSaidAndNothingStarts() throws Exception {
        try (WarProcess war =
                WarProcess.start(Map.of("HUBBUB_TLS_PASSWORD", "wrong"), "--tls-keystore", keystore.toString())) {
            assertThat(war.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(war.process.exitValue()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(String.join("\n", war.output))
                    .contains("Hubbub cannot start: ", "key.p12 cannot be opened", "HUBBUB_TLS_PASSWORD"));
        }
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    /** The protocol that was agreed on. */
    private static String handshake(WarProcess war, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), war.url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
