package dev.hubbub.docs;

import dev.hubbub.Client;
import dev.hubbub.ClientRef;
import dev.hubbub.Data;
import dev.hubbub.Event;
import dev.hubbub.Hub;
import dev.hubbub.Position;
import dev.hubbub.Room;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Consumer;

/** What the Java of the documentation takes for granted: the variables, and the classes of an application. */
public final class Given {
    public static Client client;
    public static ClientRef ref;
    public static Room room;
    public static Hub hub;
    public static Event event;
    public static Data data;
    public static String id;
    public static Position before;
    public static Object position;
    public static Price price;
    public static Path folder;

    public static Feed feed;
    public static Games games;
    public static Game game;
    public static Cache cache;
    public static Reports reports;
    public static Entities entities;
    public static Passwords passwords;

    private Given() {}

    /** The highest bid for a lot. */
    public static int best(String lot) {
        return lot.length();
    }

    public record Bid(String lot, int amount) {}

    public record Ban(String id) {}

    public record Report(String text) {}

    public record Price(String symbol, int cents) {}

    public record Profile(String colour, int level) {}

    public record Order(String id, String customer) {}

    public static class Prices {}

    public static class StaffRooms {}

    public static class Auction {
        public Auction(Prices prices) {}
    }

    public interface Feed {
        void onPrice(Consumer<Price> listener);

        void close();
    }

    public interface Games {
        void require(String room, String invitation);

        Object step(String room);

        void remove(String room);
    }

    public interface Game {
        Object step();
    }

    public interface Cache {
        void refresh();
    }

    public interface Reports {
        void send();
    }

    public interface Entities {
        void persist(Object entity);
    }

    public interface Orders {
        boolean isOf(String order, Optional<Principal> customer);
    }

    public interface Passwords {
        boolean matches(String room, String password);
    }
}
