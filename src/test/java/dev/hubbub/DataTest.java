package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.json.CheckedJson;
import org.junit.jupiter.api.Test;

class DataTest {
    @Test
    void stringMembersAreRead() {
        Data data = Data.parse("{\"room\":\"l\\u00f6bby\",\"n\":1,\"gone\":null}");
        assertThat(data.string("room")).isEqualTo("l\u00f6bby");
        assertThat(data.string("gone")).isNull();
        assertThat(data.string("other")).isNull();
        assertThat(Data.parse("[1]").string("room")).isNull();
        assertThatThrownBy(() -> data.string("n"))
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("invalid-data"));
    }

    @Test
    void withReplacesMembersAndKeepsTheTextOfTheOthers() {
        Data data = Data.parse("{\"from\":\"forged\",\"text\":\"h\\u0069\",\"n\":1.50}");
        assertThat(data.with("room", "r", "from", "me").json())
                .isEqualTo("{\"room\":\"r\",\"from\":\"me\",\"text\":\"h\\u0069\",\"n\":1.50}");
        assertThat(Data.NULL.with("a", 1).json()).isEqualTo("{\"a\":1}");
        assertThat(Data.parse("{}").with().json()).isEqualTo("{}");
        assertThatThrownBy(() -> Data.parse("3").with("a", 1)).isInstanceOf(EventException.class);
    }

    @Test
    void parseRejectsTextThatIsNotJson() {
        assertThatThrownBy(() -> Data.parse("{]")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Data.parse(" [1] ").json()).isEqualTo("[1]");
    }

    @Test
    void checkedJsonIsNotChanged() {
        assertThat(Data.of(new CheckedJson("[1, 2]"))).hasToString("[1, 2]");
        assertThat(Data.of(new CheckedJson("[1]")).isArguments()).isFalse();
        assertThat(Data.of(new CheckedJson("[1]", true)).isArguments()).isTrue();
    }

    @Test
    void dataThatDoesNotBindIsInvalidData() {
        assertThat(Data.parse("5").as(int.class)).isEqualTo(5);
        assertThatThrownBy(() -> Data.parse("{}").as(int.class))
                .isInstanceOfSatisfying(
                        EventException.class, e -> assertThat(e.code()).isEqualTo("invalid-data"));
    }
}
