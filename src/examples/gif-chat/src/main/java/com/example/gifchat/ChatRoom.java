package com.example.gifchat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A room of the chat. @param max the most members; @param password empty for none */
record ChatRoom(String id, String title, int max, String password) {
    private static final int MOST_ROOMS = 1_000;
    private static final ConcurrentMap<String, ChatRoom> ALL = new ConcurrentHashMap<>();

    /** What pages may know. */
    record Shown(String id, String title, int max, boolean locked) {}

    static ChatRoom create(String title, int max, String password) {
        if (title.isBlank() || title.length() > 60 || max < 2 || max > 100 || ALL.size() >= MOST_ROOMS) {
            throw new IllegalArgumentException("A room needs a title, and 2 to 100 members");
        }
        ChatRoom room = new ChatRoom(UUID.randomUUID().toString(), title.strip(), max, password);
        ALL.put(room.id, room);
        return room;
    }

    /** Null if there is none. */
    static ChatRoom find(String id) {
        return id == null ? null : ALL.get(id);
    }

    static List<Shown> all() {
        return ALL.values().stream().map(ChatRoom::shown).toList();
    }

    void delete() {
        ALL.remove(id);
    }

    Shown shown() {
        return new Shown(id, title, max, !password.isEmpty());
    }
}
