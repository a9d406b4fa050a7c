package dev.hubbub.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.app.Hubbub;
import jakarta.servlet.ServletContextEvent;
import java.util.Set;
import org.glassfish.grizzly.servlet.WebappContext;
import org.junit.jupiter.api.Test;

class HubbubListenerTest {
    private static final String WEBSOCKETS = "jakarta.websocket.server.ServerContainer";

    @Test
    void aStartThatFailsAfterTheHubHasStartedStopsTheHub() {
        WebappContext context = new WebappContext("failing", "/failing") {
            @Override
            public String getContextPath() {
                if (Hubbub.isRunning()) {
                    throw new IllegalStateException("The context has failed");
                }
                return super.getContextPath();
            }
        };
        context.setAttribute(WEBSOCKETS, new Object());
        HubbubListener listener = new HubbubListener(Set.of());
        assertThatThrownBy(() -> listener.contextInitialized(new ServletContextEvent(context)))
                .hasMessage("The context has failed");
        assertThat(Hubbub.isRunning()).isFalse();
        listener.contextDestroyed(new ServletContextEvent(context)); // as some containers do
    }
}
