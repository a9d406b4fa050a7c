package dev.hubbub.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

class HandlerClassesTest {
    static class Forgotten {
        @OnEvent("never")
        void never() {}
    }

    static class Base {
        @OnEvent("base")
        void base() {}
    }

    @EventHandlers
    static class Marked extends Base {}

    private static List<String> warnings(Class<?>... types) {
        List<String> messages = new CopyOnWriteArrayList<>();
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord line) {
                messages.add(new SimpleFormatter().formatMessage(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.hubbub");
        Level before = logger.getLevel();
        logger.addHandler(recorder);
        logger.setLevel(Level.WARNING);
        try {
            for (Class<?> type : types) {
                HandlerClasses.warnIfUnmarked(type, Set.of(Marked.class));
            }
        } finally {
            logger.removeHandler(recorder);
            logger.setLevel(before);
        }
        return messages;
    }

    @Test
    void aMethodThatIsNeverCalledIsWarnedOf() {
        assertThat(warnings(Forgotten.class)).singleElement().asString().contains("Forgotten.never", "@EventHandlers");
    }

    @Test
    void handlersAndWhatTheyInheritAreNotWarnedOf() {
        assertThat(warnings(Marked.class, Base.class, String.class)).isEmpty();
    }
}
