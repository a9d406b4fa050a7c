package com.example.ticker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.ticker.Ticker.Price;
import dev.hubbub.test.HubbubExtension;
import dev.hubbub.test.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TickerTest {
    @RegisterExtension
    HubbubExtension hubbub = HubbubExtension.of(Ticker.class);

    @Test
    void whoJoinsLateSeesAllPricesAndThenTheirChanges() {
        TestClient page = hubbub.connect();
        assertEquals(Market.SYMBOLS, page.ask("watch", null, Price[].class).length);
        assertTrue(page.expect("price", Price.class).symbol().startsWith("SYM"));
    }

    @Test
    void aSlowPageIsNotClosedAndMissesOnlyOldPrices() {
        TestClient page = hubbub.connect();
        page.ask("watch", null);
        page.stopReading();
        TestClient other = hubbub.connect();
        other.ask("watch", null);
        for (int i = 0; i < 5_000; i++) { // more than an outbox has places
            other.expect("price");
        }
        page.resumeReading();
        assertEquals(Market.SYMBOLS, page.ask("watch", null, Price[].class).length);
    }
}
