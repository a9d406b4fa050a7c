package dev.hubbub.docs.recipes;

import dev.hubbub.Hub;
import jakarta.transaction.Transactional;

public class Shop {
    public record Order(String id, String customer) {}

    public interface Entities {
        void persist(Order order);
    }

    private final Hub hub;
    private final Entities entities;

    public Shop(Hub hub, Entities entities) {
        this.hub = hub;
        this.entities = entities;
    }

    @Transactional
    public void order(Order order) {
        entities.persist(order);
        hub.afterCommit().user(order.customer()).emit("ordered", order.id());
    }
}
