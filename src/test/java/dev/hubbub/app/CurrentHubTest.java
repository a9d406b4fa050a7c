package dev.hubbub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.Namespace;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The hub for code that is no handler, before, while and after Hubbub runs. */
class CurrentHubTest {
    @EventHandlers
    static final class Lifecycle {
        final List<String> log = new ArrayList<>();

        @OnStart
        void fails() {
            log.add("fails");
            throw new IllegalStateException("logged, and the others are called");
        }

        @OnStart
        void start(Hub hub) {
            log.add("start " + hub.size() + CurrentHub.MAIN.size());
        }

        @OnStop
        void stop(Hub hub) {
            log.add("stop " + hub.size() + CurrentHub.MAIN.size());
        }
    }

    @EventHandlers
    @Namespace("/admin")
    static final class Admin {
        Hub own;

        @OnStart
        void start(Hub hub) {
            own = hub;
        }
    }

    @Test
    void theHubWorksFromOnStartUntilOnStopAndSaysOtherwiseWhyNot() {
        Lifecycle lifecycle = new Lifecycle();
        Admin admin = new Admin();
        Map<Class<?>, Object> instances = Map.of(Lifecycle.class, lifecycle, Admin.class, admin);
        Function<Class<?>, Object> find = type ->
                instances.containsKey(type) ? instances.get(type) : dev.hubbub.servlet.Instances.construct(type);
        Hubbub hubbub = Hubbub.start(Settings.read(Values.from()), instances.keySet(), find, Thread::new, null);
        Hub sub;
        try {
            assertThat(lifecycle.log).containsExactly("fails", "start 00");
            sub = CurrentHub.MAIN.namespace("/admin");
            assertThat(admin.own).isSameAs(hubbub.namespace("/admin").hub());
            assertThat(sub.size()).isZero();
            assertThatThrownBy(() -> CurrentHub.MAIN.namespace("/other")).isInstanceOf(IllegalArgumentException.class);
        } finally {
            hubbub.stop();
        }
        assertThat(lifecycle.log).containsExactly("fails", "start 00", "stop 00");
        for (Hub hub : List.of(CurrentHub.MAIN, sub)) {
            assertThatThrownBy(() -> hub.emit("late"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Hubbub has stopped with its application");
        }
    }
}
