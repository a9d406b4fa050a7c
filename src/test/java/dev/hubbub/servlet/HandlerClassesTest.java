package dev.hubbub.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;
import java.io.IOException;
import java.io.InputStream;
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

    static class Missing {}

    static class Unusable {
        @OnEvent("unusable")
        void never(Missing missing) {}
    }

    @Test
    void aClassThatRefersToAMissingOneHidesNoWarning() throws Exception {
        ClassLoader incomplete = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(Missing.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.equals(Unusable.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = file.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Class<?> unusable = incomplete.loadClass(Unusable.class.getName());
        assertThat(warnings(unusable, Forgotten.class))
                .singleElement()
                .asString()
                .contains("Forgotten.never");
    }

    @Test
    void handlersAndWhatTheyInheritAreNotWarnedOf() {
        assertThat(warnings(Marked.class, Base.class, String.class)).isEmpty();
    }
}
