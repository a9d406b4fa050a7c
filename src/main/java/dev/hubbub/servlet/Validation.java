package dev.hubbub.servlet;

import dev.hubbub.app.Hubbub;
import dev.hubbub.dispatch.DataValidator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.metadata.MethodDescriptor;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds Jakarta Validation: that of the server, or one in the application. */
final class Validation {
    /** Every server with Jakarta Validation binds it (Jakarta EE Platform 10, section EE.5.16). */
    private static final String NAME = "java:comp/ValidatorFactory";

    private Validation() {}

    /** Lets Hubbub check the data of events by the constraints of handlers, if there is Jakarta Validation. */
    static void use(Hubbub hubbub) {
        try {
            Constraints constraints = Constraints.find();
            if (constraints != null) {
                hubbub.validate(constraints);
            }
        } catch (LinkageError missing) {
            return; // neither the server nor the application has it
        }
    }

    /** A separate class, so that no class of Jakarta Validation is loaded where it is missing. */
    private record Constraints(Validator validator) implements DataValidator {
        /** Null if there is only the API without an implementation. */
        static Constraints find() {
            try {
                ValidatorFactory ofServer = InitialContext.doLookup(NAME);
                return new Constraints(ofServer.getValidator());
            } catch (NamingException | ClassCastException none) {
                return ofApplication();
            }
        }

        private static Constraints ofApplication() {
            try {
                return new Constraints(jakarta.validation.Validation.buildDefaultValidatorFactory()
                        .getValidator());
            } catch (ValidationException unusable) {
                System.getLogger("dev.hubbub")
                        .log(
                                System.Logger.Level.WARNING,
                                "Constraints of handlers are not checked: Jakarta Validation cannot be used: {0}",
                                unusable.getMessage());
                return null;
            }
        }

        @Override
        public boolean hasConstraints(Method method) {
            MethodDescriptor constraints = validator
                    .getConstraintsForClass(method.getDeclaringClass())
                    .getConstraintsForMethod(method.getName(), method.getParameterTypes());
            return constraints != null && constraints.hasConstrainedParameters();
        }

        @Override
        public String problem(Object instance, Method method, Object[] arguments) {
            Map<String, String> problems = new TreeMap<>(); // so that the same one is told each time
            for (ConstraintViolation<Object> violation :
                    validator.forExecutables().validateParameters(instance, method, arguments)) {
                problems.put(member(violation.getPropertyPath()), violation.getMessage());
            }
            return problems.entrySet().stream()
                    .findFirst()
                    .map(first -> first.getKey().isEmpty()
                            ? "The data " + first.getValue()
                            : "The member \"" + first.getKey() + "\" " + first.getValue())
                    .orElse(null);
        }

        /** The path of a member, without the method and its parameter: {@code items[0].count}. */
        private static String member(Path path) {
            StringBuilder member = new StringBuilder();
            for (Path.Node node : path) {
                if (node.getKind() == ElementKind.METHOD || node.getKind() == ElementKind.PARAMETER) {
                    continue;
                }
                if (node.isInIterable()) {
                    Object place = node.getIndex() == null ? node.getKey() : node.getIndex();
                    member.append('[').append(place == null ? "" : place).append(']');
                }
                if (node.getKind() == ElementKind.PROPERTY) {
                    member.append(member.length() == 0 ? "" : ".").append(node.getName());
                }
            }
            return member.toString();
        }
    }
}
