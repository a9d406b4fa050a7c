package com.example.ticker;

import dev.hubbub.Client;
import dev.hubbub.Delivery;
import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnEvent;
import dev.hubbub.OnStart;
import dev.hubbub.OnStop;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** Prices of many symbols. A page that joins late sees all of them at once, and a slow page only the newest of each. */
@EventHandlers
public class Ticker {
    record Price(String symbol, long cents, long change) {}

    private final Map<String, Price> prices = new ConcurrentSkipListMap<>();
    private final Market market = new Market();

    @OnStart
    void start(Hub hub) {
        market.start(price -> {
            prices.put(price.symbol(), price);
            hub.room("prices").emit("price", price, Delivery.latest(price.symbol()));
        });
    }

    /** The acknowledgement has all prices; what changes afterwards follows. */
    @OnEvent("watch")
    CompletionStage<Collection<Price>> watch(Client client, Hub hub) {
        return hub.room("prices").join(client).thenApply(joined -> prices.values());
    }

    @OnStop
    void stop() {
        market.stop();
    }
}
