package com.example.ticker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.ticker.Ticker.Price;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TickerTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(Ticker.class);

    private TestClient page() {
        TestClient page = hubbub.connect();
        page.ask("join", Map.of("room", "prices"));
        return page;
    }

    private static Set<String> symbols(TestClient page) {
        Set<String> symbols = new HashSet<>();
        for (int i = 0; i < Market.SYMBOLS; i++) {
            symbols.add(page.expect("price", Price.class).symbol());
        }
        return symbols;
    }

    @Test
    void whoJoinsLateSeesAllPricesAtOnceAndThenTheirChanges() {
        TestClient page = page();
        assertEquals(Market.SYMBOLS, symbols(page).size());
        hubbub.advance(Ticker.CALM);
        page.expect("price");
    }

    @Test
    void aSlowPageIsNotClosedAndMissesOnlyOldPrices() {
        TestClient slow = page();
        slow.stopReading();
        TestClient other = page();
        for (int i = 0; i < 50; i++) { // far more changes than an outbox has places
            hubbub.advance(Ticker.CALM);
            other.expect("price");
        }
        slow.resumeReading();
        slow.ask("ping", null);
    }
}
