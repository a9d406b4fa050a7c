package dev.hubbub.cluster;

import dev.hubbub.hub.Source;

/** The names of what Redis has of one room. */
record RoomKeys(
        String meta,
        String log,
        String members,
        String counts,
        String places,
        String channel,
        String idempotency,
        String hidden,
        String hiddenOfAll,
        String room) {
    /** How long Redis knows a room that nobody has open or publishes to: 24 hours. */
    static final long META_MS = 86_400_000;

    /** How long Redis knows the idempotency keys of durable rooms: 24 hours. */
    static final long DURABLE_KEY_MS = 86_400_000;

    /** @param namespace its name; rooms of different namespaces with the same name are different rooms */
    static RoomKeys of(String prefix, String namespace, String name) {
        return of(prefix, namespace + "\n" + name);
    }

    static RoomKeys of(String prefix, String room) {
        return new RoomKeys(
                prefix + ":m:" + room,
                prefix + ":l:" + room + ":",
                prefix + ":w:" + room,
                prefix + ":c:" + room,
                prefix + ":q:" + room,
                prefix + ":r:" + room,
                prefix + ":k:" + room + ":",
                prefix + ":x:" + room,
                prefix + ":y:" + room.substring(0, room.indexOf('\n')),
                room);
    }

    /** The name of what Redis knows of an idempotency key; null if the event has none. */
    String key(Source source) {
        Source.KeyHash hash = source.key() == null ? null : source.keyHash();
        return hash == null ? null : key(hash);
    }

    String key(Source.KeyHash hash) {
        return idempotency + Long.toHexString(hash.high()) + Long.toHexString(hash.low());
    }
}
