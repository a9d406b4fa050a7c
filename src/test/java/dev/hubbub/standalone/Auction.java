package dev.hubbub.standalone;

import dev.hubbub.Client;
import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** A handler as an application would write it. */
@EventHandlers
public class Auction {
    record Bid(String lot, int amount) {}

    @OnEvent("bid")
    Bid bid(Client client, Bid bid) {
        Bid higher = new Bid(bid.lot(), bid.amount() + 1);
        client.room("lot-" + bid.lot()).except(client).emit("bid", higher);
        return higher;
    }
}
