package dev.hubbub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import dev.hubbub.Member;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionJsonTest {
    record User(String name, int level, List<String> groups) {}

    private static Session session(Map<String, Object> attributes) {
        Map<String, Member> rooms = new LinkedHashMap<>();
        rooms.put("zoo", new Member("id", null));
        rooms.put("a \"room\"\u2028", new Member("id", "Kim", Data.parse("{\"a\":[1,\"é\"]}")));
        return new Session("id", "secret", "former", "kim", rooms, Map.of("epoch", 5L), attributes);
    }

    private static Session copy(Session session) {
        return SessionJson.read("id", "secret", "kim", SessionJson.write(session));
    }

    @Test
    void roomsInTheirOrderAndPositionsTravel() {
        Session session = session(Map.of());
        Session copy = copy(session);
        assertThat(copy.rooms()).containsExactlyEntriesOf(session.rooms());
        assertThat(copy.positions()).isEqualTo(session.positions());
        assertThat(copy.isOf("secret", "kim")).isTrue();
        assertThat(copy.isOf("former", "kim")).isFalse();
    }

    @Test
    void attributesTravelWithTheirClassesAndOthersStayBehind() {
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("text", "é\"");
        attributes.put("int", 5);
        attributes.put("long", 1L << 40);
        attributes.put("double", 0.5);
        attributes.put("true", true);
        attributes.put("enum", TimeUnit.DAYS);
        attributes.put("record", new User("Kim", 3, List.of("a")));
        attributes.put("list", List.of("a", "b"));
        Map<String, Object> travels = new HashMap<>(attributes);
        attributes.put("thread", new Thread(() -> {}));
        attributes.put("object", new Object());
        attributes.put("nan", Double.NaN);
        assertThat(copy(session(attributes)).attributes()).isEqualTo(travels);
    }

    @Test
    void anotherClassIsNotCreated() {
        for (String type : List.of("java.lang.Thread", "no.such.Class", "", "[I", "java.lang.Object")) {
            String json =
                    "{\"rooms\":{},\"positions\":{},\"attributes\":{\"x\":{\"type\":\"" + type + "\",\"value\":{}}}}";
            assertThat(SessionJson.read("id", "s", null, json).attributes())
                    .as(type)
                    .isEmpty();
        }
    }

    @Test
    void anythingElseIsRejected() {
        for (String json :
                List.of("", "{", "[]", "{}", "{\"rooms\":1}", "{\"rooms\":{},\"positions\":{\"e\":\"x\"}}")) {
            assertThatThrownBy(() -> SessionJson.read("id", "s", null, json))
                    .as(json)
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
