package dev.hubbub.standalone;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The key and the certificate that new connections are served with. Renewed files are read without a restart; connections that are
 * open keep what they have.
 */
final class TlsKeys extends X509ExtendedKeyManager {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    private final Tls files;
    private volatile X509ExtendedKeyManager current;

    // Only the thread that calls reload uses these.
    private List<String> read;
    private List<String> failed;

    /** @throws IOException if a file cannot be read or has the wrong content; the message names the file */
    TlsKeys(Tls files) throws IOException {
        this.files = files;
        read = versions();
        current = files.read();
    }

    /** Reads the files if they have changed. If they cannot be used, the present key remains, and each check tries again. */
    void reload() {
        List<String> versions = null;
        try {
            versions = versions();
            if (versions.equals(read)) {
                return;
            }
            X509ExtendedKeyManager renewed = files.read();
            current = renewed;
            read = versions;
            failed = null;
            LOG.log(
                    System.Logger.Level.INFO,
                    "The renewed certificate in {0} is used for new connections; it is valid until {1}",
                    files.files().get(0),
                    String.valueOf(validUntil(renewed)));
        } catch (IOException | RuntimeException e) {
            if (versions == null || !versions.equals(failed)) {
                failed = versions;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The renewed certificate cannot be used, and the present one remains: {0}",
                        e.getMessage());
            }
        }
    }

    /** A file that was replaced, also by a link to another one, has another time of modification. */
    private List<String> versions() throws IOException {
        List<String> versions = new ArrayList<>();
        for (Path file : files.files()) {
            versions.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
        }
        return versions;
    }

    private static Object validUntil(X509ExtendedKeyManager keys) {
        for (String type : List.of("EC", "RSA", "EdDSA", "Ed25519", "Ed448")) {
            String[] aliases = keys.getServerAliases(type, null);
            if (aliases != null) {
                return keys.getCertificateChain(aliases[0])[0].getNotAfter().toInstant();
            }
        }
        return "an unknown time";
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return current.getClientAliases(type, issuers);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return current.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return current.getServerAliases(type, issuers);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return current.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return current.chooseEngineClientAlias(types, issuers, engine);
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        return current.chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return current.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return current.getPrivateKey(alias);
    }
}
