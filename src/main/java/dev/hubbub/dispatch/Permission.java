package dev.hubbub.dispatch;

import dev.hubbub.Client;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may send an event, according to the annotation {@code @RolesAllowed}, {@code @PermitAll} or {@code @DenyAll} of its handler
 * (Jakarta Annotations, section 2.11). An annotation of the method overrides that of its class.
 *
 * @param roles the client must have one of them; null if every client may send the event
 */
record Permission(Set<String> roles) {
    private static final Permission ALL = new Permission(null);

    private static final List<Class<? extends Annotation>> ANNOTATIONS =
            List.of(RolesAllowed.class, PermitAll.class, DenyAll.class);

    /** @throws HandlerException if the method or its class has more than one of the annotations */
    static Permission of(Method method) {
        Permission own = of(method, method);
        Permission inherited = own == null ? of(method, method.getDeclaringClass()) : own;
        return inherited == null ? ALL : inherited;
    }

    /**
     * An element whose annotation does not apply to a handler, although its author may expect it to: a subclass, a superclass, an
     * interface, or a method that the handler overrides or implements.
     *
     * @param type the class whose instance handles the event
     * @return null if there is none, or the method has an annotation of its own
     */
    static AnnotatedElement ignored(Method method, Class<?> type) {
        return isAnnotated(method)
                ? null
                : Stream.<Class<?>>iterate(type, Objects::nonNull, superclass -> superclass.getSuperclass())
                        .flatMap(Permission::withInterfaces)
                        .filter(other -> other != method.getDeclaringClass())
                        .flatMap(other -> Stream.concat(Stream.of(other), sameMethods(method, other)))
                        .filter(Permission::isAnnotated)
                        .findFirst()
                        .orElse(null);
    }

    private static Stream<Class<?>> withInterfaces(Class<?> type) {
        return Stream.concat(Stream.of(type), Stream.of(type.getInterfaces()).flatMap(Permission::withInterfaces));
    }

    private static Stream<AnnotatedElement> sameMethods(Method method, Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(other -> other.getName().equals(method.getName())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes()))
                .map(AnnotatedElement.class::cast);
    }

    private static boolean isAnnotated(AnnotatedElement element) {
        return ANNOTATIONS.stream().anyMatch(element::isAnnotationPresent);
    }

    /** Null if the element has none of the annotations. */
    private static Permission of(Method method, AnnotatedElement element) {
        List<Class<? extends Annotation>> annotations =
                ANNOTATIONS.stream().filter(element::isAnnotationPresent).toList();
        if (annotations.size() > 1) {
            throw new HandlerException(HandlerMethod.describe(method) + " has both @"
                    + annotations.get(0).getSimpleName() + " and @"
                    + annotations.get(1).getSimpleName());
        }
        if (annotations.isEmpty()) {
            return null;
        }
        if (annotations.get(0) == PermitAll.class) {
            return ALL;
        }
        RolesAllowed allowed = element.getAnnotation(RolesAllowed.class);
        return new Permission(allowed == null ? Set.of() : Set.of(allowed.value()));
    }

    boolean permits(Client client) {
        return roles == null || roles.stream().anyMatch(client::isInRole);
    }
}
