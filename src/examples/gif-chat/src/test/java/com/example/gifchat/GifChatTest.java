package com.example.gifchat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hubbub.EventException;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GifChatTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(GifChat.class, ChatRooms.class).setting("hubbub.builtin", "false");

    private final ChatRoom room = ChatRoom.create("고양이", 2, "1234");

    private TestClient client(String colour) {
        return hubbub.client().header("Cookie", "a=b; colour=" + colour).connect();
    }

    private void enter(TestClient client, String password) {
        client.ask("join", Map.of("room", room.id(), "password", password, "last", 50));
    }

    @Test
    void theOthersSeeWhoComesSaysSomethingAndLeaves() {
        TestClient kim = client("ff0000");
        enter(kim, "1234");
        kim.expect("system", Map.of("text", "#ff0000 님이 입장하셨습니다."));
        TestClient lee = client("00ff00");
        enter(lee, "1234");
        lee.expect("system", Map.of("text", "#ff0000 님이 입장하셨습니다.")); // the history
        kim.expect("system", Map.of("text", "#00ff00 님이 입장하셨습니다."));
        lee.emit("chat", Map.of("room", room.id(), "text", "안녕"));
        kim.expect("chat", Map.of("colour", "#00ff00", "text", "안녕"));
        lee.close();
        kim.expect("system", Map.of("text", "#00ff00 님이 퇴장하셨습니다."));
    }

    @Test
    void aWrongPasswordAFullRoomAndAnUnknownRoomAreRefused() {
        TestClient kim = client("ff0000");
        assertEquals("wrong-password", assertThrows(EventException.class, () -> enter(kim, "0000")).code());
        enter(kim, "1234");
        enter(client("00ff00"), "1234");
        TestClient third = client("0000ff");
        assertEquals("too-large", assertThrows(EventException.class, () -> enter(third, "1234")).code());
        EventException unknown = assertThrows(
                EventException.class, () -> third.ask("join", Map.of("room", "gif-nothing")));
        assertEquals("no-such-room", unknown.code());
    }

    @Test
    void onlyMembersSpeak() {
        TestClient kim = client("ff0000");
        EventException error = assertThrows(
                EventException.class, () -> kim.ask("chat", Map.of("room", room.id(), "text", "안녕")));
        assertEquals("not-in-room", error.code());
    }
}
