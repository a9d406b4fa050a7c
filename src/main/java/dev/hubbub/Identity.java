package dev.hubbub;

import java.security.Principal;
import java.time.Instant;
import java.util.Set;

/**
 * The identity of a client.
 *
 * @param principal null for an anonymous client
 * @param roles the roles from the token; if the container has authenticated the client, those of its roles that are named by
 *     handlers, room policies or {@code hubbub.roles}
 * @param until the time at which the token expires; null if the identity does not expire
 */
public record Identity(Principal principal, Set<String> roles, Instant until) {
    /** The identity of an unauthenticated client. */
    public static final Identity ANONYMOUS = new Identity((Principal) null, Set.of(), null);

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** An identity with a principal of this name. */
    public Identity(String name, Set<String> roles, Instant until) {
        this(new NamedPrincipal(name), roles, until);
    }

    private record NamedPrincipal(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    public boolean isAnonymous() {
        return principal == null;
    }

    /** The name of the principal; null for an anonymous client. */
    public String name() {
        return principal == null ? null : principal.getName();
    }

    public boolean isInRole(String role) {
        return roles.contains(role);
    }
}
