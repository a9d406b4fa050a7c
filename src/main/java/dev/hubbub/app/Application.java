package dev.hubbub.app;

import dev.hubbub.EventHandlers;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import dev.hubbub.TokenVerifier;
import dev.hubbub.access.RoomRules;
import dev.hubbub.dispatch.HandlerException;
import dev.hubbub.identity.JwtRules;
import dev.hubbub.identity.JwtVerifier;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What an application brings along, apart by what it is. */
final class Application {
    private Application() {}

    static List<Class<?>> handlers(Collection<Class<?>> application) {
        return application.stream()
                .filter(type -> type.isAnnotationPresent(EventHandlers.class))
                .toList();
    }

    /** The policies of the settings and those of the application. */
    static RoomRules rooms(RoomRules settings, Collection<Class<?>> application, Function<Class<?>, Object> instances) {
        RoomRules rules = settings;
        for (Class<?> type : application) {
            RoomPolicy policy = type.getAnnotation(RoomPolicy.class);
            if (policy == null) {
                continue;
            }
            if (!RoomAccess.class.isAssignableFrom(type)) {
                throw new HandlerException(type.getName() + " has a @RoomPolicy and is no RoomAccess");
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
     * The application's verifier, else ours if the settings have keys; null for none.
     *
     * @param aside as for {@link JwtVerifier}
     */
    static TokenVerifier tokens(
            JwtRules rules, Collection<Class<?>> application, Function<Class<?>, Object> instances, Executor aside) {
        List<Class<?>> verifiers = application.stream()
                .filter(type -> TokenVerifier.class.isAssignableFrom(type) && type != JwtVerifier.class)
                .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                .toList();
        if (verifiers.size() > 1) {
            throw new HandlerException("Both " + verifiers.get(0).getName() + " and "
                    + verifiers.get(1).getName() + " verify tokens; there can be one");
        }
        if (!verifiers.isEmpty()) {
            return (TokenVerifier) instances.apply(verifiers.get(0));
        }
        if (!rules.areSet()) {
            return null;
        }
        Setting setting = rules.secret().isEmpty() ? Setting.JWT_KEYS : Setting.JWT_SECRET;
        try {
            return new JwtVerifier(rules, aside);
        } catch (IllegalArgumentException e) {
            throw setting.refuse(rules.secret().isEmpty() ? rules.keys() : "***", e);
        }
    }
}
