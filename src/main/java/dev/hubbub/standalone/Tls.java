package dev.hubbub.standalone;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;

/**
 * The files of the key and the certificate for {@code https} and {@code wss}: either a keystore, or a certificate and a key.
 *
 * @param keystore a PKCS #12 file; null if there is a certificate
 * @param certificate a PEM file with the server's own certificate first; null if there is a keystore
 * @param key a PEM file with the private key in PKCS #8, unencrypted; null if there is a keystore
 */
record Tls(Path keystore, Path certificate, Path key) {
    /** The environment variable of the keystore's password. It is no option, because all users can see a process's options. */
    static final String PASSWORD_VARIABLE = "HUBBUB_TLS_PASSWORD";

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    /** The protocols that RFC 9325 recommends; of TLS 1.2, only cipher suites with forward secrecy are enabled. */
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** @param keys is asked for the key and the certificate by each new connection */
    static SSLEngineConfigurator configuration(TlsKeys keys) {
        // The client of a TLS 1.2 connection must not make the server negotiate again and again. The JDK reads it once.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            SSLEngineConfigurator configuration = new SSLEngineConfigurator(context, false, false, false);
            configuration.setEnabledProtocols(PROTOCOLS);
            configuration.setEnabledCipherSuites(
                    Arrays.stream(context.getSupportedSSLParameters().getCipherSuites())
                            .filter(suite -> suite.startsWith("TLS_AES_")
                                    || suite.startsWith("TLS_CHACHA20_")
                                    || suite.matches("TLS_ECDHE_.*(GCM|CHACHA20).*"))
                            .toArray(String[]::new));
            return configuration;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files, of which a change means that the certificate was renewed. */
    List<Path> files() {
        return keystore == null ? List.of(certificate, key) : List.of(keystore);
    }

    /**
     * Reads the files.
     *
     * @throws IOException if a file cannot be read or has the wrong content; the message names the file
     */
    X509ExtendedKeyManager read() throws IOException {
        try {
            char[] password = password();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keystore == null ? ofPem(password) : ofKeystore(password), password);
            return Arrays.stream(keys.getKeyManagers())
                    .filter(X509ExtendedKeyManager.class::isInstance)
                    .map(X509ExtendedKeyManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    (keystore == null ? key : keystore) + " contains no usable key: " + e.getMessage(), e);
        }
    }

    private static char[] password() {
        String password = System.getenv(PASSWORD_VARIABLE);
        return password == null ? new char[0] : password.toCharArray();
    }

    private KeyStore ofKeystore(char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            store.load(in, password);
        } catch (IOException e) {
            throw new IOException(
                    keystore + " cannot be opened with the password in " + PASSWORD_VARIABLE + ": " + e, e);
        }
        return store;
    }

    private KeyStore ofPem(char[] password) throws IOException, GeneralSecurityException {
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                .toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw new IOException(certificate + " contains no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        PrivateKey privateKey = privateKey();
        if (!belongTogether(privateKey, chain[0].getPublicKey())) {
            throw new IOException("The key in " + key + " is not that of the first certificate in " + certificate);
        }
        store.setKeyEntry("hubbub", privateKey, password, chain);
        return store;
    }

    /** The two files are renewed one after the other. */
    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(privateKey.getAlgorithm());
        if (algorithm == null || !privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        return signature.verify(signed);
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        Matcher pem = PRIVATE_KEY.matcher(Files.readString(key, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(key
                    + " contains no PRIVATE KEY in PKCS #8. Convert other formats with: openssl pkcs8 -topk8 -nocrypt");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException otherAlgorithm) {
                continue;
            }
        }
        throw new InvalidKeySpecException("The algorithm of the key is not one of " + String.join(", ", ALGORITHMS));
    }
}
