package dev.hubbub.hub;

import dev.hubbub.Client;
import dev.hubbub.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom an event is not sent to, as the broker keeps it: ids of clients, and marks of their users. A live connection is known by the
 * id of its client. Somebody who returns could leave out that id, or open another connection; so what was to be kept from a client
 * of an authenticated user is kept from every return of that user, except of one that proves to be another client.
 *
 * <p>Who sends an event knows what is in it: a sender that excludes itself only wants no echo, and its user gets no mark.
 */
final class Exclusion {
    /** In no id. */
    private static final String MARK = "~";

    /** Makes a mark as long as an id, so that it takes the same space whatever the name of the user is. */
    private static final int MARK_BYTES = 11;

    private Exclusion() {}

    /** @param sender null if the event is not one that a client sends */
    static Set<String> of(Client sender, Client... clients) {
        Set<String> except = new HashSet<>();
        for (Client client : clients) {
            except.add(client.id());
            if (client != sender
                    && client instanceof LocalClient excluded
                    && !excluded.identity().isAnonymous()) {
                except.add(mark(excluded.identity().name()));
            }
        }
        return Set.copyOf(except);
    }

    private static String mark(String user) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
            return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, MARK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** Whether an event that was published before is kept from a client that returns. */
    static boolean hides(Set<String> except, LocalClient returning) {
        if (except.isEmpty()) {
            return false;
        }
        return except.contains(returning.proof().formerId())
                || (!hasProvenId(returning) && hides(except, returning.identity()));
    }

    private static boolean hides(Set<String> except, Identity reader) {
        return !except.isEmpty() && !reader.isAnonymous() && except.contains(mark(reader.name()));
    }

    /** Whether the server knows that the client had this id before. */
    private static boolean hasProvenId(LocalClient client) {
        return client.connection().hasReturned()
                || (client.handshake().parameter(LocalClient.FORMER).isPresent()
                        && client.proof().formerId().equals(client.id()));
    }

    /** What somebody may read who is no client. */
    static Broker.HistoryRead visible(Broker.HistoryRead read, Identity reader) {
        if (read.events() == null || reader.isAnonymous()) {
            return read;
        }
        List<Broker.StoredEvent> visible = read.events().stream()
                .filter(event -> !hides(event.except(), reader))
                .toList();
        return new Broker.HistoryRead(visible, read.from(), read.position());
    }
}
