package dev.hubbub.container.tyrus;

import dev.hubbub.container.CloseHandshake;
import dev.hubbub.container.Container;
import dev.hubbub.container.MessageReceiver;
import dev.hubbub.container.SocketWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.util.List;

/** Tyrus. This class itself refers to none of its classes, so that it loads on every server. */
public final class Tyrus implements Container {
    private static final String SESSION = "org.glassfish.tyrus.core.TyrusSession";

    /** The class of the extensions that clients offer. */
    private static final String EXTENSION = "org.glassfish.tyrus.core.TyrusExtension";

    private static final String UPGRADE = "org.glassfish.tyrus.core.TyrusWebSocketEngine$SuccessfulUpgradeInfo";

    private static final boolean PRESENT = isPresent();

    private static boolean isPresent() {
        try {
            Class.forName("org.glassfish.tyrus.spi.WebSocketEngine", false, Tyrus.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Null if the closing handshake could not be taken over: the writer is reached in the same way. */
    @Override
    public SocketWriter writer(Session session, CloseHandshake handshake, int compressFrom) {
        return handshake != null && session.getClass().getName().equals(SESSION)
                ? new TyrusWriter((TyrusCloseHandshake) handshake, compressFrom)
                : null;
    }

    @Override
    public CloseHandshake closeHandshake(Session session) {
        return session.getClass().getName().equals(SESSION) ? TyrusCloseHandshake.install(session) : null;
    }

    @Override
    public void receiveMessages(CloseHandshake handshake, MessageReceiver receiver) {
        ((TyrusCloseHandshake) handshake).receiver(receiver);
    }

    @Override
    public HttpServletRequest beforeUpgrade(HttpServletRequest request) {
        return PRESENT ? new LimitedRequest(request) : request;
    }

    @Override
    public void afterUpgrade(HttpServletRequest request) {
        if (request instanceof LimitedRequest limited) {
            limited.limitUpgrade();
        }
    }

    @Override
    public Object limitUpgrade(Object upgrade) {
        return upgrade.getClass().getName().equals(UPGRADE) ? LimitedUpgrade.of(upgrade, () -> {}) : null;
    }

    @Override
    public List<Extension> negotiateDeflate(List<Extension> offers, int maxPayload) {
        if (!offers.get(0).getClass().getName().equals(EXTENSION)) {
            return null;
        }
        try {
            return TyrusDeflate.negotiate(offers, maxPayload);
        } catch (LinkageError hidden) {
            return List.of(); // a server whose class loaders hide Tyrus from applications
        }
    }
}
