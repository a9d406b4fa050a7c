package dev.hubbub.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScannerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                " false ",
                "0",
                "-0",
                "12",
                "-1.5e+10",
                "1E-2",
                "\"\"",
                "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                "[]",
                "[ ]",
                "[1,2 , [3]]",
                "{}",
                "{ }",
                "{\"a\":{\"b\":[null]},\"a\":2}",
                "\"\ud83d\ude00\"",
                "\t\r\n1"
            })
    void takesJson(String text) {
        assertThatCode(() -> Scanner.checkValue(text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "True",
                "01",
                "+1",
                "1.",
                ".5",
                "1e",
                "-",
                "- 1",
                "0x1",
                "NaN",
                "'a'",
                "\"",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\t\"",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "1 2",
                "{}{}",
                "\u00a01",
                "\u0000",
                "1\u0000",
                "/* */1",
                "\ufeff1"
            })
    void refusesWhatIsNot(String text) {
        assertThatThrownBy(() -> Scanner.checkValue(text)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> Scanner.checkValue("{\"a\":tru}")).hasMessage("A value was expected at character 6");
    }

    @Test
    void refusesDepthAndNumbersThatOnlyAnAttackerSends() throws JsonSyntaxException {
        Scanner.checkValue("[".repeat(100) + "]".repeat(100));
        assertThatThrownBy(() -> Scanner.checkValue("[".repeat(100_000))).hasMessageContaining("100 levels");
        assertThatThrownBy(() -> Scanner.checkValue("{\"a\":".repeat(100_000))).hasMessageContaining("100 levels");
        Scanner.checkValue("9".repeat(1_000));
        Scanner.checkValue("[1e308,-2.5E-9999,0e0]");
        assertThatThrownBy(() -> Scanner.checkValue("1e99999"))
                .hasMessageStartingWith("An exponent of more than 4 digits");
        assertThatThrownBy(() -> Scanner.checkValue("9".repeat(1_001))).hasMessageContaining("1000 characters");
    }

    @Test
    void visitsMembersAndElements() {
        List<String> seen = new ArrayList<>();
        String object = " {\"a\" : [1,2] ,\"\\u0062\":\"x\"} ";
        Scanner.forEachMember(object, (name, start, end) -> seen.add(name + "=" + object.substring(start, end)));
        assertThat(seen).containsExactly("a=[1,2]", "b=\"x\"");
        seen.clear();
        String array = "[ {\"a\":1} , 2,[]]";
        Scanner.forEachElement(array, (start, end) -> seen.add(array.substring(start, end)));
        assertThat(seen).containsExactly("{\"a\":1}", "2", "[]");
    }

    @Test
    void theLastMemberOfANameCounts() {
        assertThat(Scanner.member("{\"a\":1,\"a\":2}", "a")).isEqualTo("2");
        assertThat(Scanner.member("{\"a\":1}", "b")).isNull();
    }

    @Test
    void unescapes() {
        assertThat(Scanner.unquote("\"a\\n\\u00e9\\ud83d\\ude00\\/\\\\\"")).isEqualTo("a\n\u00e9\ud83d\ude00/\\");
    }

    /** Whatever passes here is passed on to receivers unseen, so it must be what a full parser takes, and no more. */
    @Test
    void agreesWithAFullParserOnDamagedText() {
        Random random = new Random(42);
        String[] seeds = {
            "{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":\"h\u00e9\\n\",\"n\":[-1.5e3,true,null]},\"id\":7}",
            "[{\"a\":\"\\u0041\\\\\"},[],{},\"\",0,12e+1,false]",
        };
        String spice = "{}[]\",:\\ 0123456789.eE+-truefalsn\u0001/bu";
        int taken = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder(seeds[i % seeds.length]);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                char c = spice.charAt(random.nextInt(spice.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            boolean here = passes(text.toString());
            taken += here ? 1 : 0;
            if (here != parserTakes(text.toString())) {
                fail(text.toString());
            }
        }
        assertThat(taken).isBetween(1_000, 29_000); // else the damage says nothing
    }

    private static boolean passes(String text) {
        try {
            Scanner.checkValue(text);
            return true;
        } catch (JsonSyntaxException e) {
            return false;
        }
    }

    private static boolean parserTakes(String text) {
        try (JsonParser parser = jakarta.json.Json.createParser(new StringReader(text))) {
            while (parser.hasNext()) {
                if (parser.next() == JsonParser.Event.VALUE_NUMBER) {
                    parser.getBigDecimal();
                }
            }
            return true;
        } catch (JsonException | NumberFormatException | IllegalStateException e) {
            return false;
        }
    }
}
