package dev.hubbub.container.app;

import dev.hubbub.Hub;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;

/** Sends events from a scheduled EJB, which the server creates before Hubbub has started. */
@Startup
@Singleton
public class NewsTimer {
    @Inject
    private Hub hub;

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    public void everySecond() {
        try {
            hub.room("news").emit("headline", "from a timer");
        } catch (IllegalStateException notStartedOrStopped) {
            return;
        }
    }
}
