package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.json.MemberException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Data that does not bind: the message tells which member is wrong, and names no class. */
class BindingTest {
    enum Side {
        BUY,
        SELL
    }

    record Item(String name, int count) {}

    record Order(String lot, int amount, List<Item> items, Side side, LocalDate day, Optional<Boolean> fast) {}

    private static void fails(String json, String message) {
        assertThatThrownBy(() -> Data.parse(json).as(Order.class))
                .isInstanceOf(EventException.class)
                .hasMessage(message)
                .hasCauseInstanceOf(MemberException.class);
    }

    @Test
    void theWrongMemberIsNamedWithWhatItMustBe() {
        fails("{\"lot\":\"a\",\"amount\":\"x\"}", "The member \"amount\" must be an integer");
        fails("{\"lot\":\"a\"}", "The member \"amount\" is missing");
        fails(
                "{\"amount\":1,\"items\":[{\"count\":1},{\"count\":true}]}",
                "The member \"items[1].count\" must be an integer");
        fails("{\"amount\":1,\"items\":7}", "The member \"items\" must be an array");
        fails("{\"amount\":1,\"side\":\"HOLD\"}", "The member \"side\" must be one of BUY, SELL");
        fails("{\"amount\":1,\"day\":\"yesterday\"}", "The member \"day\" must be of another form");
    }

    @Test
    void datesEnumsOptionalsAndNestedListsBind() {
        Order order = (Order) Data.parse("{\"amount\":1,\"side\":\"SELL\",\"day\":\"2026-11-26\",\"fast\":true,"
                        + "\"items\":[{\"name\":\"x\",\"count\":2}]}")
                .as((java.lang.reflect.Type) Order.class);
        assertThat(order)
                .isEqualTo(new Order(
                        null, 1, List.of(new Item("x", 2)), Side.SELL, LocalDate.of(2026, 11, 26), Optional.of(true)));
    }

    public static class Bean {
        public int amount;
    }

    @Test
    void theMemberOfAClassIsNamedAndTheClassIsNot() {
        assertThatThrownBy(() -> Data.of(Map.of("amount", "x")).as(Bean.class))
                .isInstanceOf(EventException.class)
                .hasMessage("The member \"amount\" does not have the expected form");
        assertThatThrownBy(() -> Data.of(List.of(1)).as(Bean.class))
                .isInstanceOf(EventException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Bean", "dev."));
    }
}
