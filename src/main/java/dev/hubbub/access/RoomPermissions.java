package dev.hubbub.access;

import dev.hubbub.Client;
import dev.hubbub.EventException;
import dev.hubbub.Join;
import dev.hubbub.RoomAccess;
import dev.hubbub.protocol.PrintableFailure;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What clients may do in one room, as decided by its policy.
 *
 * <p>A policy that fails is logged. The methods then throw an {@code EventException} with the code {@code internal}, whose message
 * tells nothing about the failure.
 *
 * @param parts the named parts of the room's name, see {@link RoomAccess}
 * @param mayBlock whether asking runs code of the application, which may block
 */
public record RoomPermissions(RoomAccess access, Map<String, String> parts, boolean mayBlock) {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public boolean mayJoin(Client client, Join join) {
        return ask(() -> access.mayJoin(client, parts, join));
    }

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public boolean mayBeIn(Client client) {
        return ask(() -> access.mayJoin(client, parts));
    }

    /** Like {@link #mayBeIn}, but false if the policy throws an exception. */
    public boolean mayStay(Client client) {
        return isGranted(() -> mayBeIn(client));
    }

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public int maxMembers() {
        return ask(() -> access.maxMembers(parts));
    }

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public boolean mayPublish(Client client) {
        return ask(() -> access.mayPublish(client, parts));
    }

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public boolean mayReadHistory(Client client) {
        return ask(() -> access.mayReadHistory(client, parts));
    }

    /** @throws EventException as thrown by the policy, or {@code internal} */
    public boolean maySeeMembers(Client client) {
        return ask(() -> access.maySeeMembers(client, parts));
    }

    /** Like {@link #maySeeMembers}, but false if the policy throws an exception. */
    public boolean mayStillSeeMembers(Client client) {
        return isGranted(() -> maySeeMembers(client));
    }

    private static boolean isGranted(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (EventException refused) {
            return false;
        }
    }

    private static <T> T ask(Supplier<T> policy) {
        try {
            return policy.get();
        } catch (EventException refused) {
            throw refused;
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "The policy of a room failed", PrintableFailure.of(failure));
            throw new EventException(EventException.INTERNAL, "The server failed to check the permissions of the room");
        }
    }
}
