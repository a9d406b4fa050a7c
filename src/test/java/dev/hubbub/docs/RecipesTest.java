package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.EventException;
import dev.hubbub.docs.recipes.Letters;
import dev.hubbub.docs.recipes.PrivateRooms;
import dev.hubbub.docs.recipes.ReadReceipts;
import dev.hubbub.docs.recipes.Shop;
import dev.hubbub.docs.recipes.Ticker;
import dev.hubbub.docs.recipes.Ticker.Price;
import dev.hubbub.docs.recipes.Typing;
import dev.hubbub.docs.recipes.Uploads;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The recipes do what the page says. Each Java snippet of the page is a part of one of the classes that are tested here. */
class RecipesTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/hubbub/docs/recipes");

    @TempDir
    private static Path folder;

    private final List<Consumer<Price>> listeners = new ArrayList<>();

    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(
                    Letters.class, PrivateRooms.class, ReadReceipts.class, Ticker.class, Typing.class, Uploads.class)
            .with(Ticker.class, () -> new Ticker(listeners::add))
            .with(Uploads.class, () -> new Uploads(folder))
            .setting("hubbub.room-policies", "inbox-{user} join=user publish=nobody");

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void theSnippetsOfThePageAreTheseClasses() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                sources.append(withoutSpace(Files.readString(file)));
            }
        }
        List<Snippet> snippets = Snippet.of(Path.of("src/site/markdown/recipes.md")).stream()
                .filter(snippet -> snippet.language().equals("java"))
                .toList();
        assertThat(snippets)
                .hasSizeGreaterThan(7)
                .allSatisfy(
                        snippet -> assertThat(sources).as(snippet.toString()).contains(withoutSpace(snippet.code())));
    }

    @Test
    void aPasswordOpensAPrivateRoom() {
        TestClient kim = hubbub.connect();
        kim.ask("join", Map.of("room", "private-cats", "password", "1234"));
        for (Map<String, String> wrong : List.of(
                Map.of("room", "private-cats", "password", "0000"),
                Map.of("room", "private-cats"),
                Map.of("room", "private-dogs"))) {
            assertThatThrownBy(() -> hubbub.connect().ask("join", wrong))
                    .isInstanceOf(EventException.class)
                    .extracting("code")
                    .isEqualTo("wrong-password");
        }
        kim.loseConnection();
        kim.returns();
        kim.join("lobby");
    }

    @Test
    void aPrivateRoomHasEightMembers() {
        Map<String, String> join = Map.of("room", "private-cats", "password", "1234");
        for (int i = 0; i < 8; i++) {
            hubbub.connect().ask("join", join);
        }
        assertThatThrownBy(() -> hubbub.connect().ask("join", join))
                .extracting("code")
                .isEqualTo(EventException.TOO_LARGE);
    }

    @Test
    void aLetterReachesTheInboxOfOneUserAlsoLater() {
        TestClient lee = hubbub.connect("lee").join("inbox-lee");
        TestClient kim = hubbub.connect("kim", "member");
        kim.ask("letter", Map.of("to", "lee", "text", "hi"));
        lee.expect("letter", Map.of("from", "kim", "text", "hi"));
        TestClient tablet = hubbub.connect("lee");
        tablet.ask("join", Map.of("room", "inbox-lee", "last", 10));
        assertThat(tablet.expect("letter").data().string("text")).isEqualTo("hi");
        assertThatThrownBy(() -> kim.join("inbox-lee")).extracting("code").isEqualTo(EventException.FORBIDDEN);
        assertThatThrownBy(() -> lee.ask("letter", Map.of("to", "kim", "text", "no role")))
                .extracting("code")
                .isEqualTo(EventException.FORBIDDEN);
    }

    @Test
    void theOthersSeeWhoIsTyping() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby");
        kim.ask("typing", Map.of("room", "lobby"));
        lee.expect("typing", Map.of("room", "lobby", "id", kim.id()));
        kim.expectNone("typing");
    }

    @Test
    void aPageThatJoinsLateSeesTheNewestPrice() {
        listeners.get(0).accept(new Price("ACME", 1));
        listeners.get(0).accept(new Price("ACME", 2));
        hubbub.advance(Duration.ofSeconds(1));
        TestClient kim = hubbub.connect();
        kim.ask("join", Map.of("room", "prices"));
        assertThat(kim.expect("price", Price.class).cents()).isEqualTo(2);
        listeners.get(0).accept(new Price("ACME", 3));
        long cents = kim.expect("price", Price.class).cents();
        if (cents == 2) { // a client that joins just when a value changes may get it twice
            cents = kim.expect("price", Price.class).cents();
        }
        assertThat(cents).isEqualTo(3);
    }

    @Test
    void theCustomerIsNotified() {
        TestClient kim = hubbub.connect("kim");
        List<Shop.Order> persisted = new ArrayList<>();
        new Shop(hubbub.hub(), persisted::add).order(new Shop.Order("7", "kim"));
        kim.expect("ordered", (Object) "7");
        assertThat(persisted).hasSize(1);
    }

    @Test
    void aFileIsStoredAndAnnounced() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby");
        kim.emit("upload", Map.of("room", "lobby", "name", "cat.gif"), new byte[] {1, 2, 3});
        String id = lee.expect("uploaded").data().string("id");
        assertThat(folder.resolve(id)).hasBinaryContent(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> kim.ask("upload", Map.of("room", "lobby", "name", "nothing")))
                .extracting("code")
                .isEqualTo(EventException.INVALID_DATA);
    }

    @Test
    void readReceiptsAreKeptUntilTheReaderLeaves() {
        TestClient kim = hubbub.connect().join("lobby");
        TestClient lee = hubbub.connect().join("lobby");
        kim.ask("read", Map.of("room", "lobby", "position", "x7KqPz0aB1c.17"));
        assertThat(lee.expect("read").data().string("position")).isEqualTo("x7KqPz0aB1c.17");
        assertThat(hubbub.connect().join("lobby").expect("read").data().string("id"))
                .isEqualTo(kim.id());
        kim.ask("leave", Map.of("room", "lobby"));
        hubbub.advance(Duration.ofSeconds(1));
        TestClient late = hubbub.connect().join("lobby");
        late.ask("ping", null);
        late.expectNone("read");
    }
}
