package dev.hubbub.websocket;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Field;

/**
 * A request of Payara 6 and 7 or GlassFish 7 and 8, which use requests again. If an asynchronous one is over before its servlet
 * has returned, they note that it has returned after they have made it ready for the next ({@code Request.onExitService}). If the
 * next is a WebSocket, and ends before it has been upgraded, they trust that note and let the request go in the midst: then two use
 * it at once, and one of them hears nothing.
 */
final class RecycledRequest {
    private static final System.Logger LOG = System.getLogger("dev.hubbub");
    private static final String PACKAGE = "org.apache.catalina.connector.";

    private static volatile boolean known = true;

    private RecycledRequest() {}

    /** Takes the note away; to be called before the upgrade. */
    static void renew(HttpServletRequest request) {
        ServletRequest facade = request;
        while (facade instanceof ServletRequestWrapper wrapper) {
            facade = wrapper.getRequest();
        }
        if (!known || !facade.getClass().getName().equals(PACKAGE + "RequestFacade")) {
            return;
        }
        try {
            Field behind = behind(facade);
            Field returned = behind.getType().getDeclaredField("afterService");
            returned.setAccessible(true);
            returned.setBoolean(behind.get(facade), false);
        } catch (ReflectiveOperationException | RuntimeException tomcat) {
            known = false;
            LOG.log(System.Logger.Level.DEBUG, "Requests of this server are not noted as returned", tomcat);
        }
    }

    /** The field has another name in each of them. */
    private static Field behind(Object facade) throws ReflectiveOperationException {
        for (Field field : facade.getClass().getDeclaredFields()) {
            if (field.getType().getName().equals(PACKAGE + "Request")) {
                field.setAccessible(true);
                if (field.get(facade) != null) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException("of a request");
    }
}
