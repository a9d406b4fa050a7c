package com.example.gifchat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** A room of the chat. @param id the name of Hubbub's room; @param max the most members; @param password empty for none */
record ChatRoom(String id, String title, int max, String password) {
    private static final int MOST_ROOMS = 1_000;
    private static final ConcurrentMap<String, ChatRoom> ALL = new ConcurrentHashMap<>();

    private static volatile Consumer<List<Shown>> watcher = rooms -> {};

    /** What pages may know. */
    record Shown(String id, String title, int max, boolean locked) {}

    /** The watcher is told of the rooms whenever they change. */
    static void watch(Consumer<List<Shown>> told) {
        watcher = told;
    }

    static ChatRoom create(String title, int max, String password) {
        if (title.isBlank() || title.length() > 60 || max < 2 || max > 100 || ALL.size() >= MOST_ROOMS) {
            throw new IllegalArgumentException("A room needs a title, and 2 to 100 members");
        }
        ChatRoom room = new ChatRoom("gif-" + UUID.randomUUID(), title.strip(), max, password);
        ALL.put(room.id, room);
        watcher.accept(all());
        return room;
    }

    /** Null if there is none. */
    static ChatRoom find(String id) {
        return id == null ? null : ALL.get(id);
    }

    static List<Shown> all() {
        return ALL.values().stream().map(ChatRoom::shown).toList();
    }

    static void delete(String id) {
        if (ALL.remove(id) != null) {
            watcher.accept(all());
        }
    }

    Shown shown() {
        return new Shown(id, title, max, !password.isEmpty());
    }
}
