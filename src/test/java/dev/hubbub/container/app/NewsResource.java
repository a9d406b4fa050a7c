package dev.hubbub.container.app;

import dev.hubbub.Hub;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;

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

    @POST
    public void publish() {
        Hub everywhere = hub;
        hub.room("news").emit("headline", "from a resource");
        executor.execute(() -> everywhere.room("news").emit("headline", "from an executor"));
        new Thread(() -> everywhere.room("news").emit("headline", "from a thread")).start();
    }
}
