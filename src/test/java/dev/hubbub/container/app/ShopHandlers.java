package dev.hubbub.container.app;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.EventHandlers;
import dev.hubbub.Handshake;
import dev.hubbub.Hub;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnEvent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Handlers in WEB-INF/classes. */
@EventHandlers
public class ShopHandlers {
    @Inject
    private Clock clock;

    public record Bid(String lot, int amount) {}

    @OnEvent("bid")
    Bid bid(Bid bid) {
        return new Bid(bid.lot(), bid.amount() + 1);
    }

    @OnEvent("injected")
    boolean injected() {
        return clock != null;
    }

    private static final Semaphore OPEN = new Semaphore(0);

    /** Blocks until another client sends {@code open}. */
    @OnEvent("wait")
    void waitUntilOpen() throws InterruptedException {
        OPEN.tryAcquire(30, TimeUnit.SECONDS);
    }

    @OnEvent("open")
    void open(int times) {
        OPEN.release(times);
    }

    @OnEvent("fail")
    void fail() {
        throw new IllegalStateException("a secret");
    }

    @OnEvent("who")
    String who(Client client, Handshake handshake) {
        return client.remoteAddress() + " " + handshake.header("x-own").orElse(null) + " "
                + handshake.parameter("token").orElse(null);
    }

    @OnConnect
    void hello(Client client) {
        client.emit("welcome", Map.of("id", client.id()));
    }

    @OnDisconnect
    void bye(Client client, Hub hub, Close close) {
        hub.room("watchers").emit("gone", Map.of("id", client.id(), "code", close.code()));
    }

    /** A callback on a thread of Hubbub still sees the names of the application in JNDI. */
    @OnEvent("later")
    CompletionStage<Boolean> later(Client client) {
        return client.ask("never-answered", null, Duration.ofMillis(10)).handle((answer, timeout) -> namesAreVisible());
    }

    private static boolean namesAreVisible() {
        try {
            InitialContext.doLookup("java:comp/DefaultManagedThreadFactory");
            return true;
        } catch (NamingException e) {
            return false;
        }
    }

    @OnEvent("ask-me")
    void ask(Client client) {
        client.ask("sure?", null, Duration.ofSeconds(10)).thenAccept(answer -> client.emit("they-said", answer));
    }
}
