package dev.hubbub.container.glassfish;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Field;

/**
 * A request object of Payara 6 and 7 or GlassFish 7 and 8, which reuse ("recycle") them. If an asynchronous request completes
 * before its servlet has returned, these servers set the flag {@code afterService} only after the object was recycled for the next
 * request ({@code Request.onExitService}). If the next request is a WebSocket that ends before it has been upgraded, they trust
 * that stale flag and recycle the object while it is still in use. Then two requests share it, and one of them gets no answer.
 */
final class RecycledRequest {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final String PACKAGE = "org.apache.catalina.connector.";

    /** False once the server turned out to be Tomcat, whose class names are the same, or another without this flag. */
    private static volatile boolean hasFlag = true;

    private RecycledRequest() {}

    /** Clears the stale flag; to be called before the upgrade. */
    static void clearReturned(HttpServletRequest request) {
        ServletRequest facade = request;
        while (facade instanceof ServletRequestWrapper wrapper) {
            facade = wrapper.getRequest();
        }
        if (!hasFlag || !facade.getClass().getName().equals(PACKAGE + "RequestFacade")) {
            return;
        }
        try {
            Field wrapped = wrappedRequest(facade);
            Field returned = wrapped.getType().getDeclaredField("afterService");
            returned.setAccessible(true);
            returned.setBoolean(wrapped.get(facade), false);
        } catch (ReflectiveOperationException | RuntimeException tomcat) {
            hasFlag = false;
            LOG.log(System.Logger.Level.DEBUG, "The requests of this server have no flag afterService", tomcat);
        }
    }

    /** The facade's field that holds the request; its name differs between these servers. */
    private static Field wrappedRequest(Object facade) throws ReflectiveOperationException {
        for (Field field : facade.getClass().getDeclaredFields()) {
            if (field.getType().getName().equals(PACKAGE + "Request")) {
                field.setAccessible(true);
                if (field.get(facade) != null) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException("of type Request");
    }
}
