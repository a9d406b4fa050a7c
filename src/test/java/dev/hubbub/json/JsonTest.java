package dev.hubbub.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Bid(String lot, int amount) {}

    record Sale(
            Bid best,
            List<Bid> all,
            Optional<String> note,
            @JsonbProperty("by") String seller) {}

    public static class Point {
        public int x;
        public int y;
    }

    @Test
    void recordsThatAreNotPublicAreBound() {
        assertThat(Json.read("{\"lot\":\"7\",\"amount\":5,\"unknown\":[{}]}", Bid.class))
                .isEqualTo(new Bid("7", 5));
        assertThat(Json.read(
                        "{\"best\":{\"lot\":\"a\",\"amount\":1},\"all\":[{\"lot\":\"b\",\"amount\":2}],\"by\":\"kim\"}",
                        Sale.class))
                .isEqualTo(new Sale(new Bid("a", 1), List.of(new Bid("b", 2)), Optional.empty(), "kim"));
    }

    @Test
    void aMissingReferenceIsNullAndAMissingPrimitiveIsAnError() {
        assertThat(Json.read("{\"amount\":5}", Bid.class)).isEqualTo(new Bid(null, 5));
        assertThatThrownBy(() -> Json.read("{\"lot\":\"7\"}", Bid.class)).hasMessageContaining("\"amount\" is missing");
    }

    @Test
    void jsonOfTheWrongFormIsRejected() {
        for (String json : List.of("3", "[]", "\"x\"", "{\"amount\":\"much\"}", "{\"lot\":{},\"amount\":1}")) {
            assertThatThrownBy(() -> Json.read(json, Bid.class)).as(json).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void plainClassesAndValuesAreBound() {
        assertThat(((Point) Json.read("{\"x\":1,\"y\":2}", Point.class)).y).isEqualTo(2);
        assertThat(Json.read("\"a\"", String.class)).isEqualTo("a");
        assertThat(Json.read("5", int.class)).isEqualTo(5);
        assertThat(Json.read("{\"a\":1}", JsonObject.class)).isInstanceOf(JsonObject.class);
        assertThat(Json.read("[1]", JsonValue.class)).hasToString("[1]");
    }

    @Test
    void recordsMapsAndOtherValuesAreWritten() {
        assertThat(Json.write(new Sale(new Bid("a", 1), List.of(), Optional.of("n"), null)))
                .isEqualTo("{\"best\":{\"lot\":\"a\",\"amount\":1},\"all\":[],\"note\":\"n\"}");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", Arrays.asList(1, null, true, 2.5));
        map.put("b", new BigDecimal("1.10"));
        assertThat(Json.write(map)).isEqualTo("{\"a\":[1,null,true,2.5],\"b\":1.10}");
        Point point = new Point();
        point.x = 3;
        assertThat(Json.write(point)).isEqualTo("{\"x\":3,\"y\":0}");
        assertThat(Json.write(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(Json.write(null)).isEqualTo("null");
    }

    @Test
    void charactersThatJsonOrUtf8CannotEncodeAreEscaped() {
        assertThat(Json.write("\"\\\n\r\t\u0001\ud83d\ude00\ud800x"))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001\ud83d\ude00\\ud800x\"");
    }
}
