package dev.hubbub.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts hubs for a test and stops them after it. */
final class TestHubs implements AfterEachCallback {
    private final List<LocalHub> started = new ArrayList<>();

    LocalHub start(TestHub settings) {
        LocalHub hub = settings.start();
        started.add(hub);
        return hub;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(hub -> hub.stop(Duration.ZERO, Duration.ZERO));
    }
}
