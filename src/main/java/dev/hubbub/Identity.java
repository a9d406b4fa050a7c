package dev.hubbub;

import java.security.Principal;
import java.time.Instant;
import java.util.Set;

/**
 * Who a client is taken for.
 *
 * @param principal null for an anonymous client
 * @param roles those of a token; for an identity of the container, those among the roles that handlers, room policies and
 *     {@code hubbub.roles} name
 * @param until when it ends, as a token says; null if never
 */
public record Identity(Principal principal, Set<String> roles, Instant until) {
    public static final Identity ANONYMOUS = new Identity((Principal) null, Set.of(), null);

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** An identity by name alone. */
    public Identity(String name, Set<String> roles, Instant until) {
        this(new Named(name), roles, until);
    }

    private record Named(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    public boolean isAnonymous() {
        return principal == null;
    }

    /** Null for an anonymous client. */
    public String name() {
        return principal == null ? null : principal.getName();
    }

    public boolean isInRole(String role) {
        return roles.contains(role);
    }
}
