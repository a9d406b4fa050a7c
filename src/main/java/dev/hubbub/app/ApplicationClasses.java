package dev.hubbub.app;

import dev.hubbub.EventHandlers;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.RoomRules;
import dev.hubbub.dispatch.HandlerException;
import dev.hubbub.identity.BackgroundTasks;
import dev.hubbub.identity.JwtRules;
import dev.hubbub.identity.JwtVerifier;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Sorts the classes that the start-up scan has found in the application: handlers, room policies and a token verifier. */
final class ApplicationClasses {
    private ApplicationClasses() {}

    static List<Class<?>> handlers(Collection<Class<?>> application) {
        return application.stream()
                .filter(type -> type.isAnnotationPresent(EventHandlers.class))
                .toList();
    }

    /**
     * The policies of the settings and those of the application.
     *
     * @param instances returns the instance of a class
     * @throws HandlerException if a policy of the application is invalid; the message names its class
     */
    static RoomRules roomRules(
            RoomRules settings, Collection<Class<?>> application, Function<Class<?>, Object> instances) {
        RoomRules rules = settings;
        for (Class<?> type : application) {
            RoomPolicy policy = type.getAnnotation(RoomPolicy.class);
            if (policy == null) {
                continue;
            }
            if (!RoomAccess.class.isAssignableFrom(type)) {
                throw new HandlerException(
                        type.getName() + " has the annotation @RoomPolicy but does not implement RoomAccess");
            }
            try {
                rules = rules.with(policy.value(), (RoomAccess) instances.apply(type));
            } catch (IllegalArgumentException e) {
                throw new HandlerException(type.getName() + ": " + e.getMessage());
            }
        }
        return rules;
    }

    /**
     * The application's own verifier; otherwise Hubbub's, if keys or a secret are set; otherwise null.
     *
     * @param background fetches the issuer's keys, see {@link JwtVerifier}
     * @throws HandlerException if the application has more than one verifier
     * @throws IllegalArgumentException if the keys or the secret of the settings are invalid
     */
    static TokenVerifier tokenVerifier(
            JwtRules rules,
            Collection<Class<?>> application,
            Function<Class<?>, Object> instances,
            BackgroundTasks background) {
        List<Class<?>> verifiers = application.stream()
                .filter(type -> TokenVerifier.class.isAssignableFrom(type) && type != JwtVerifier.class)
                .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                .toList();
        if (verifiers.size() > 1) {
            throw new HandlerException("Both " + verifiers.get(0).getName() + " and "
                    + verifiers.get(1).getName() + " implement TokenVerifier. An application can have only one");
        }
        if (!verifiers.isEmpty()) {
            return (TokenVerifier) instances.apply(verifiers.get(0));
        }
        if (!rules.isConfigured()) {
            return null;
        }
        try {
            return new JwtVerifier(rules, background);
        } catch (IllegalArgumentException e) {
            if (rules.secret().isEmpty()) {
                throw new IllegalArgumentException(Setting.JWT_KEYS.key() + " cannot be used: " + e.getMessage(), e);
            }
            throw Setting.JWT_SECRET.invalid("***", e);
        }
    }
}
