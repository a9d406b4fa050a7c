package dev.hubbub.servlet;

import dev.hubbub.Hub;
import dev.hubbub.app.CurrentHub;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/**
 * Makes {@code @Inject Hub} work where CDI is available. Only CDI loads this class.
 *
 * <p>CDI may create beans before Hubbub has started, so the injected hub is one that finds the running one at each call. It has
 * a normal scope because beans that a server may passivate cannot have it otherwise.
 */
@Dependent
public class HubProducer {
    @Produces
    @ApplicationScoped
    Hub hub() {
        return CurrentHub.MAIN;
    }
}
