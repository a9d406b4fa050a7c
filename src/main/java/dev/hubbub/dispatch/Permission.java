package dev.hubbub.dispatch;

import dev.hubbub.Client;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may call a handler, by the annotations of Jakarta Annotations (section 2.11); those of the method count before those of its
 * class.
 *
 * @param roles one of which the client must have; null for anybody
 */
record Permission(Set<String> roles) {
    private static final Permission ALL = new Permission(null);

    /** @throws HandlerException if the method says more than one thing */
    static Permission of(Method method) {
        Permission own = of(method, method);
        Permission general = own == null ? of(method, method.getDeclaringClass()) : own;
        return general == null ? ALL : general;
    }

    /** Null if nothing is said. */
    private static Permission of(Method method, AnnotatedElement place) {
        List<Class<? extends Annotation>> said = Stream.of(RolesAllowed.class, PermitAll.class, DenyAll.class)
                .filter(place::isAnnotationPresent)
                .toList();
        if (said.size() > 1) {
            throw new HandlerException(HandlerMethod.describe(method) + " has both @"
                    + said.get(0).getSimpleName() + " and @" + said.get(1).getSimpleName());
        }
        if (said.isEmpty()) {
            return null;
        }
        if (said.get(0) == PermitAll.class) {
            return ALL;
        }
        RolesAllowed allowed = place.getAnnotation(RolesAllowed.class);
        return new Permission(allowed == null ? Set.of() : Set.of(allowed.value()));
    }

    boolean permits(Client client) {
        return roles == null || roles.stream().anyMatch(client::isInRole);
    }
}
