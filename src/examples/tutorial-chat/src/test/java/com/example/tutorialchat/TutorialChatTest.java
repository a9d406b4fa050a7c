package com.example.tutorialchat;

import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TutorialChatTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(TutorialChat.class);

    @Test
    void allHearWhatOneSaysAndWhoComesAndGoes() {
        TestClient kim = hubbub.connect();
        kim.expect("chat message", kim.id() + " 님이 연결되었습니다.");
        TestClient lee = hubbub.connect();
        kim.expect("chat message", lee.id() + " 님이 연결되었습니다.");
        lee.emit("chat message", "안녕");
        kim.expect("chat message", lee.id() + ": 안녕");
        lee.close();
        kim.expect("chat message", lee.id() + " 님의 연결이 끊어졌습니다.");
    }
}
