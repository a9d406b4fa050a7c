package dev.hubbub.container;

import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The extension permessage-deflate (RFC 7692): whether a session uses it, and with which parameters. */
public final class PerMessageDeflate {
    public static final String NAME = "permessage-deflate";

    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String LARGEST_WINDOW = "15";
    private static final Set<String> WINDOW_BITS = Set.of("8", "9", "10", "11", "12", "13", "14", LARGEST_WINDOW);

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
        if (installed.stream().noneMatch(PerMessageDeflate::isDeflate)) {
            return List.of();
        }
        // A client may offer it several times, with different parameters. Tomcat has no window but the largest, and
        // drops the extension if it is given another.
        return offers.stream()
                .filter(PerMessageDeflate::isValid)
                .min(Comparator.comparing(offer -> !allowsLargestWindow(offer)))
                .stream()
                .toList();
    }

    /** Whether an offer has only parameters that RFC 7692, section 7.1, allows; others must be declined. */
    private static boolean isValid(Extension offer) {
        Set<String> names = new HashSet<>();
        return isDeflate(offer)
                && offer.getParameters().stream()
                        .allMatch(parameter -> names.add(parameter.getName()) && isValid(parameter));
    }

    private static boolean isValid(Extension.Parameter parameter) {
        String value = parameter.getValue();
        boolean flag = value == null || value.isEmpty(); // Jetty has "" for none
        return switch (parameter.getName()) {
            case "server_no_context_takeover", "client_no_context_takeover" -> flag;
            case "client_max_window_bits" -> flag || WINDOW_BITS.contains(value);
            case SERVER_WINDOW -> !flag && WINDOW_BITS.contains(value);
            default -> false;
        };
    }

    /** Whether an offer is valid and the server may compress with the largest window (RFC 7692, section 7.1.2.1). */
    public static boolean isAcceptable(Extension offer) {
        return isValid(offer) && allowsLargestWindow(offer);
    }

    private static boolean allowsLargestWindow(Extension offer) {
        return offer.getParameters().stream()
                .allMatch(parameter ->
                        !parameter.getName().equals(SERVER_WINDOW) || LARGEST_WINDOW.equals(parameter.getValue()));
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
                                .noneMatch(parameter -> parameter.getName().equals(SERVER_WINDOW)));
    }
}
