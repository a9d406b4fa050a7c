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
    void validJsonIsAccepted(String text) {
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
    void invalidJsonIsRejected(String text) {
        assertThatThrownBy(() -> Scanner.checkValue(text)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void theMessageSaysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> Scanner.checkValue("{\"a\":tru}")).hasMessage("A value was expected at character 6");
    }

    @Test
    void deepNestingAndLongNumbersAreRejected() throws JsonSyntaxException {
        Scanner.checkValue("[".repeat(100) + "]".repeat(100));
        assertThatThrownBy(() -> Scanner.checkValue("[".repeat(100_000))).hasMessageContaining("100 levels");
        assertThatThrownBy(() -> Scanner.checkValue("{\"a\":".repeat(100_000))).hasMessageContaining("100 levels");
        Scanner.checkValue("9".repeat(1_000));
        Scanner.checkValue("[1e308,-2.5E-9999,0e0]");
        assertThatThrownBy(() -> Scanner.checkValue("1e99999"))
                .hasMessageStartingWith("An exponent has more than 4 digits");
        assertThatThrownBy(() -> Scanner.checkValue("9".repeat(1_001))).hasMessageContaining("1000 characters");
    }

    @Test
    void membersAndElementsAreVisitedInOrder() {
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
    void membersAtEveryDepthAreVisitedOnce() {
        List<String> seen = new ArrayList<>();
        String value = " [{\"a\":{\"b\":[{\"c\":1}]},\"d\":{}}]";
        Scanner.forEachObject(value, new Scanner.ObjectVisitor() {
            @Override
            public void beginObject() {
                seen.add("{");
            }

            @Override
            public void member(String name, int start, int end) {
                seen.add(name + "=" + value.substring(start, end));
            }

            @Override
            public void endObject() {
                seen.add("}");
            }
        });
        assertThat(seen)
                .containsExactly(
                        "{",
                        "{",
                        "{",
                        "c=1",
                        "}",
                        "b=[{\"c\":1}]",
                        "}",
                        "a={\"b\":[{\"c\":1}]}",
                        "{",
                        "}",
                        "d={}",
                        "}");
    }

    @Test
    void theLastMemberWithTheSameNameWins() {
        assertThat(Scanner.member("{\"a\":1,\"a\":2}", "a")).isEqualTo("2");
        assertThat(Scanner.member("{\"a\":1}", "b")).isNull();
    }

    @Test
    void escapesAreDecoded() {
        assertThat(Scanner.unquote("\"a\\n\\u00e9\\ud83d\\ude00\\/\\\\\"")).isEqualTo("a\n\u00e9\ud83d\ude00/\\");
    }

    /** Accepted text is forwarded to receivers as it is, so the scanner must accept the same text as a full parser. */
    @Test
    void theScannerAgreesWithAFullParserOnDamagedText() {
        Random random = new Random(42);
        String[] seeds = {
            "{\"name\":\"message\",\"data\":{\"room\":\"lobby\",\"text\":\"h\u00e9\\n\",\"n\":[-1.5e3,true,null]},\"id\":7}",
            "[{\"a\":\"\\u0041\\\\\"},[],{},\"\",0,12e+1,false]",
        };
        String alphabet = "{}[]\",:\\ 0123456789.eE+-truefalsn\u0001/bu";
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder(seeds[i % seeds.length]);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            boolean valid = scannerAccepts(text.toString());
            accepted += valid ? 1 : 0;
            if (valid != parserAccepts(text.toString())) {
                fail(text.toString());
            }
        }
        assertThat(accepted).isBetween(1_000, 29_000); // otherwise the damage is too weak or too strong
    }

    private static boolean scannerAccepts(String text) {
        try {
            Scanner.checkValue(text);
            return true;
        } catch (JsonSyntaxException e) {
            return false;
        }
    }

    private static boolean parserAccepts(String text) {
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
