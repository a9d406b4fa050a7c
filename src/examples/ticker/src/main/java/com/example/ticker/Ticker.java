package com.example.ticker;

import dev.hubbub.Emits;
import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import dev.hubbub.Room;
import java.time.Duration;

/** Prices of many symbols. A page that joins late sees all of them at once, and a slow page only the newest of each. */
@EventHandlers
@Emits(value = "price", data = Ticker.Price.class)
public class Ticker {
    static final Duration CALM = Duration.ofMillis(200); // more changes in a second than a person can read

    record Price(String symbol, long cents, long change) {}

    private final Market market = new Market();

    @OnStart
    void start(Hub hub) {
        Room room = hub.room("prices");
        market.start(price -> room.keep("price", price.symbol(), price, null, CALM));
    }

    @OnStop
    void stop() {
        market.stop();
    }
}
