package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Event;
import dev.hubbub.EventHandlers;
import dev.hubbub.Namespace;
import dev.hubbub.OnConnect;
import dev.hubbub.OnDisconnect;
import dev.hubbub.OnError;
import dev.hubbub.OnEvent;
import dev.hubbub.Room;
import dev.hubbub.builtin.TestEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Invalid handlers are reported at start-up, with their class and method. */
class HandlersTest {
    private static Handlers handlers(Class<?>... types) {
        return new Handlers(List.of(TestEvents.class), List.of(types), HandlersTest::create, null);
    }

    private static Object create(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @EventHandlers
    static class One {
        @OnEvent("bid")
        void bid() {}
    }

    @EventHandlers
    static class Other {
        @OnEvent("bid")
        void offer() {}
    }

    @Test
    void twoHandlersForOneEventAreRejected() {
        assertThatThrownBy(() -> handlers(One.class, Other.class))
                .isInstanceOf(HandlerException.class)
                .hasMessage(
                        "Both " + One.class.getName() + ".bid and " + Other.class.getName() + ".offer handle \"bid\"");
    }

    @EventHandlers
    static class TwoPayloads {
        @OnEvent("bid")
        void bid(Client client, String lot, int amount) {}
    }

    @Test
    void twoParametersForTheDataAreRejected() {
        assertThatThrownBy(() -> handlers(TwoPayloads.class))
                .hasMessageContaining("TwoPayloads.bid has two parameters for the event's data, String and int");
    }

    @EventHandlers
    static class RoomOnConnect {
        @OnConnect
        void hello(Client client, Room room) {}
    }

    @EventHandlers
    static class PayloadOnDisconnect {
        @OnDisconnect
        void bye(String why) {}
    }

    @EventHandlers
    static class CloseOnEvent {
        @OnEvent("x")
        void x(Close close) {}
    }

    @Test
    void parametersThatTheAnnotationDoesNotSupportAreRejected() {
        assertThatThrownBy(() -> handlers(RoomOnConnect.class))
                .hasMessageContaining("RoomOnConnect.hello has a parameter of type Room")
                .hasMessageContaining("@OnConnect");
        assertThatThrownBy(() -> handlers(PayloadOnDisconnect.class)).hasMessageContaining("of type String");
        assertThatThrownBy(() -> handlers(CloseOnEvent.class)).hasMessageContaining("of type Close");
    }

    @EventHandlers
    static class NamesOfAnswers {
        @OnEvent("ack")
        void ack() {}

        @OnEvent("error")
        void error() {}

        @OnEvent("connected")
        void connected() {}
    }

    @Test
    void socketIoClientsMayUseTheNamesOfAnswers() {
        assertThat(handlers(NamesOfAnswers.class).eventNames()).contains("ack", "error", "connected");
    }

    @EventHandlers
    static class Unnamed {
        @OnEvent("")
        void nothing() {}
    }

    @EventHandlers
    static class Static {
        @OnEvent("x")
        static void x() {}
    }

    @Test
    void emptyNamesAndStaticMethodsAreRejected() {
        assertThatThrownBy(() -> handlers(Unnamed.class)).hasMessageContaining("1 to 128 characters");
        assertThatThrownBy(() -> handlers(Static.class)).hasMessageContaining("Static.x is static");
    }

    @EventHandlers
    @Namespace("/quiet")
    static class OnlyANamespace {}

    @EventHandlers
    static class Nothing {}

    @Test
    void aClassWithoutHandlersIsWarnedOfUnlessItIsANamespace() {
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.hubbub");
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord line) {
                warnings.add(String.valueOf(line.getParameters()[0]));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Level level = logger.getLevel();
        logger.addHandler(recorder);
        logger.setLevel(Level.WARNING);
        try {
            handlers(OnlyANamespace.class, Nothing.class);
        } finally {
            logger.removeHandler(recorder);
            logger.setLevel(level);
        }
        assertThat(warnings).containsExactly(Nothing.class.getName());
    }

    abstract static class Base {
        @OnEvent("inherited")
        void inherited() {}

        @OnEvent("overridden")
        void overridden() {}

        @OnError
        void failed(Client client, Event event, Throwable failure) {}
    }

    @EventHandlers
    static class Derived extends Base {
        @Override
        void overridden() {}

        @OnEvent("echo")
        void echo() {}
    }

    @Test
    void inheritedMethodsAreHandlersAndBuiltInEventsCanBeReplaced() {
        Handlers handlers = handlers(Derived.class, Base.class);
        assertThat(handlers.eventNames()).containsExactlyInAnyOrder("inherited", "echo", "ping");
        assertThat(handlers.event("echo")).hasToString(Derived.class.getName() + ".echo");
        assertThat(handlers.all(HandlerMethod.Kind.ERROR)).hasSize(1);
    }
}
