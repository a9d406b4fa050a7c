package dev.hubbub.dispatch;

import java.lang.reflect.Method;

/** Checks the arguments of handlers by the constraints of their parameters: Jakarta Validation, where the server has it. */
public interface DataValidator {
    /** Whether any parameter of the method has constraints. */
    boolean hasConstraints(Method method);

    /** What is wrong, naming the member of the data and no class; null if nothing is. */
    String problem(Object instance, Method method, Object[] arguments);
}
