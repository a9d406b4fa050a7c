package dev.hubbub.contract;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The data of the events that Hubbub itself handles and sends, see the page on the protocol. Their handlers read JSON by
 * themselves, so their signatures do not tell.
 */
final class BuiltInEvents {
    /** The member is always there. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface NotNull {}

    /** The object may have other members. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Open {}

    /** An event of a client: its data, whether that is required, and the acknowledgement. */
    record Received(Class<?> data, boolean required, Class<?> acknowledgement) {}

    @Open
    record Join(String room, String nick, Object data, String since, Integer last) {}

    @Open
    record Message(String room, String text) {}

    @Open
    record Broadcast(String room) {}

    record Published(@NotNull String position) {}

    record HistoryRequest(String room, String before, Integer limit) {}

    record Page(@NotNull String room, @NotNull List<PastEvent> events, boolean more) {}

    record PastEvent(
            @NotNull String name, Object data, @NotNull String position, long at, Object attachment) {}

    record Leave(String room) {}

    record Token(@NotNull String token) {}

    record Authenticated(@NotNull String user, Long expiresIn) {}

    record Connected(
            @NotNull String id, long heartbeat, int maxPayload, long keyAge, String session, Boolean recovered) {}

    record Hello(
            @NotNull String id,
            @NotNull String room,
            @NotNull List<Member> members,
            Integer count,
            @NotNull String epoch,
            Boolean recovered,
            long position) {}

    record Member(@NotNull String id, String nick, Object data) {}

    record Joined(@NotNull String room, @NotNull String id, String nick, Object data) {}

    record Left(@NotNull String room, @NotNull String id, String reason) {}

    record Presence(@NotNull String room, int count) {}

    @Open
    record RoomMessage(@NotNull String room, @NotNull String from, String text) {}

    @Open
    record RoomBroadcast(@NotNull String room, @NotNull String from) {}

    record Restart(long after) {}

    record Notice(@NotNull String text) {}

    record Deleted(@NotNull String room, @NotNull String position) {}

    record AuthExpiring(long in) {}

    private BuiltInEvents() {}

    /** What clients send. {@code auth} exists even if {@code hubbub.builtin} is false. */
    static Map<String, Received> received(boolean builtIn) {
        Map<String, Received> all = new LinkedHashMap<>();
        all.put("auth", new Received(Token.class, true, Authenticated.class));
        if (builtIn) {
            all.put("join", new Received(Join.class, false, null));
            all.put("message", new Received(Message.class, false, Published.class));
            all.put("broadcast", new Received(Broadcast.class, false, Published.class));
            all.put("history", new Received(HistoryRequest.class, false, Page.class));
            all.put("leave", new Received(Leave.class, false, null));
            all.put("echo", new Received(Object.class, false, Object.class));
            all.put("ping", new Received(null, false, null));
        }
        return all;
    }

    /** What the server sends. The rooms' events exist without the built-in ones, for a handler can let clients join. */
    static Map<String, Class<?>> sent(boolean builtIn) {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("connected", Connected.class);
        all.put("hello", Hello.class);
        all.put("joined", Joined.class);
        all.put("left", Left.class);
        all.put("presence", Presence.class);
        all.put("restart", Restart.class);
        all.put("notice", Notice.class);
        all.put("deleted", Deleted.class);
        all.put("auth-expiring", AuthExpiring.class);
        if (builtIn) {
            all.put("message", RoomMessage.class);
            all.put("broadcast", RoomBroadcast.class);
            all.put("pong", Void.class);
        }
        return all;
    }
}
