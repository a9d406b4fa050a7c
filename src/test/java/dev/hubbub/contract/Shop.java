package dev.hubbub.contract;

import dev.hubbub.Client;
import dev.hubbub.Data;
import dev.hubbub.Emits;
import dev.hubbub.EventHandlers;
import dev.hubbub.Namespace;
import dev.hubbub.OnEvent;
import dev.hubbub.OnJoin;
import dev.hubbub.Room;
import dev.hubbub.RoomAccess;
import dev.hubbub.RoomPolicy;
import jakarta.annotation.security.RolesAllowed;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbTransient;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Handlers with data of every form. */
final class Shop {
    enum Size {
        SMALL,
        LARGE
    }

    record Item(
            UUID product,
            int count,
            Size size,
            @JsonbProperty("unit-price") BigDecimal price) {}

    record Order(
            List<Item> items,
            LocalDate due,
            Optional<String> note,
            Map<String, Integer> discounts,
            Item[] gifts,
            Order replaces,
            JsonObject more) {}

    record Result<T>(T value, Instant at) {}

    /** A class of JSON-B, with a getter and a field. */
    public static class Invoice {
        public int number;

        @JsonbTransient
        public String secret;

        public String getCustomer() {
            return "Kim";
        }
    }

    record Chat(String text) {}

    @EventHandlers
    @Emits(value = "ordered", data = Order.class)
    @Emits("closed")
    static class Handlers {
        @OnEvent(value = "order", errors = "sold-out")
        CompletionStage<Result<List<Item>>> order(Client client, Order order) {
            return null;
        }

        @OnEvent("chat message")
        void chat(Room room, Chat chat) {}

        @OnEvent("shout")
        @RolesAllowed("staff")
        void shout(Room room, Data data) {}

        @OnEvent("scan")
        Optional<Invoice> scan(byte[] picture) {
            return Optional.empty();
        }

        @OnEvent("ping")
        int ping() {
            return 1;
        }

        @OnJoin("order-{id}")
        void join(Client client) {}
    }

    @EventHandlers
    @Namespace("/admin")
    static class Admin {
        @OnEvent("close")
        void close(int hour) {}
    }

    @RoomPolicy("shop-*")
    static class Policy implements RoomAccess {
        @Override
        public boolean mayJoin(Client client, Map<String, String> parts) {
            return true;
        }
    }

    static final List<Class<?>> CLASSES = List.of(Handlers.class, Admin.class, Policy.class);

    private Shop() {}
}
