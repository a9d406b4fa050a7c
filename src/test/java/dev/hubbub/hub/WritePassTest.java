package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the events of one pass over the ready sockets have left in outboxes is written at its end. */
class WritePassTest {
    @RegisterExtension
    final TestHubs hubs = new TestHubs();

    private LocalHub hub;

    @BeforeEach
    void start() {
        hub = hubs.start(new TestHub().presence("*=off", 0));
    }

    @AfterEach
    void end() {
        WritePass.end();
    }

    private List<TestClient> members(int count) {
        List<TestClient> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestClient member = new TestClient(hub);
            hub.room("a").join(member.client);
            members.add(member);
        }
        members.forEach(
                member -> await().until(() -> !member.socket.data("hello").isEmpty()));
        return members;
    }

    @Test
    void aSmallRoomIsWrittenToAtTheEndInOrder() {
        List<TestClient> members = members(3);
        WritePass.begin();
        for (int i = 0; i < 5; i++) {
            hub.room("a").emit("x", i);
        }
        members.forEach(member -> assertThat(member.socket.data("x")).isEmpty());

        WritePass.begin();
        members.forEach(member -> assertThat(member.socket.data("x")).containsExactly("0", "1", "2", "3", "4"));
    }

    @Test
    void aPassWithManyEventsIsWrittenBeforeItsEnd() {
        TestClient member = members(1).get(0);
        WritePass.begin();
        for (int i = 0; i < WritePass.MAX_EVENTS; i++) {
            hub.room("a").emit("x", i);
        }
        assertThat(member.socket.data("x")).hasSize(WritePass.MAX_EVENTS);
    }

    @Test
    void aLargeRoomDoesNotWaitForTheEnd() {
        List<TestClient> members = members(WritePass.SMALL + 1);
        WritePass.begin();
        hub.room("a").emit("x", 1);
        members.forEach(member -> member.receives("x", "1"));
    }

    @Test
    void otherThreadsDoNotWait() {
        TestClient member = members(1).get(0);
        hub.room("a").emit("x", 1);
        assertThat(member.socket.data("x")).containsExactly("1");
    }
}
