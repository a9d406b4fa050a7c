package dev.hubbub.container.app;

import dev.hubbub.Hub;
import dev.hubbub.Position;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.util.concurrent.CompletionStage;

/** Sends events from a JAX-RS resource, from a managed executor, and from a thread. */
@Path("news")
@RequestScoped
public class NewsResource {
    @ApplicationPath("rest")
    public static class Rest extends Application {}

    @Inject
    private Hub hub;

    @Resource
    private ManagedExecutorService executor;

    @Resource
    private UserTransaction transaction;

    /** Sends events in two transactions: one is rolled back, the other one commits. */
    @POST
    @Path("transaction")
    public void publishAfterCommit() throws Exception {
        transaction.begin();
        hub.afterCommit().room("orders").emit("headline", "never");
        CompletionStage<Position> never = hub.afterCommit().room("orders").publish("headline", "never");
        transaction.rollback();
        transaction.begin();
        hub.afterCommit().room("orders").emit("headline", "after the commit");
        hub.room("orders").emit("headline", "before the commit");
        transaction.commit();
        never.exceptionally(failure -> {
            hub.room("orders").emit("headline", failure.getMessage());
            return null;
        });
        hub.afterCommit().room("orders").emit("headline", "without a transaction");
    }

    @POST
    public void publish() {
        Hub everywhere = hub;
        hub.room("news").emit("headline", "from a resource");
        executor.execute(() -> everywhere.room("news").emit("headline", "from an executor"));
        new Thread(() -> everywhere.room("news").emit("headline", "from a thread")).start();
    }
}
