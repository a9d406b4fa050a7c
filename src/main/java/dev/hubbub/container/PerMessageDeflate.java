package dev.hubbub.container;

import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.util.List;

/** The extension permessage-deflate (RFC 7692): whether a session uses it, and with which parameters. */
public final class PerMessageDeflate {
    public static final String NAME = "permessage-deflate";

    private PerMessageDeflate() {}

    /**
     * Chooses among the offers of a client. No other extension is ever accepted.
     *
     * @param installed the extensions that the server implements
     * @param offers what the client offers, in its order of preference
     * @param maxPayload limit of a message, in bytes after decompression
     * @return permessage-deflate, or nothing
     */
    public static List<Extension> negotiate(List<Extension> installed, List<Extension> offers, int maxPayload) {
        if (offers.isEmpty()) {
            return List.of();
        }
        List<Extension> ours = Containers.negotiateDeflate(offers, maxPayload);
        if (ours != null) {
            return ours;
        }
        boolean available = installed.stream().anyMatch(PerMessageDeflate::isDeflate);
        return offers.stream()
                .filter(offer -> available && isDeflate(offer))
                .limit(1) // a client may offer it several times, with different parameters
                .toList();
    }

    private static boolean isDeflate(Extension extension) {
        return extension.getName().equals(NAME);
    }

    /**
     * Whether a session accepts the compressed frames that all clients share: its only extension is permessage-deflate, and its
     * window is as large as the one that they are compressed with (RFC 7692, section 7.1.2.1).
     */
    static boolean acceptsSharedFrames(Session session) {
        return session.getNegotiatedExtensions().stream()
                .allMatch(extension -> isDeflate(extension)
                        && extension.getParameters().stream()
                                .noneMatch(parameter -> parameter.getName().equals("server_max_window_bits")));
    }
}
