package dev.hubbub;

/**
 * How a client joins a room.
 *
 * <pre>{@code
 * room.join(client, Join.as("Kim").with(new Profile("blue", 7)));   // the members see nick and data
 *
 * @OnEvent("enter") CompletionStage<Void> enter(Client client, Data data) {
 *     return client.room(data.string("room")).admit(client, Join.of(data));   // as the client wishes
 * }
 * }</pre>
 *
 * @param nick shown to the members, at most 64 characters without control characters; null for none
 * @param data shown to the members beside the nick, at most 1,024 bytes as JSON; null for none
 * @param since for a client that wants to return after a loss: the positions that it has seen last, in any rooms, separated by
 *     commas; empty if it comes for the first time. From then on events of rooms carry their {@code position}. A client that
 *     returns is sent what it has missed after {@code hello}, which says {@code "recovered": true}; or {@code false}, if some of
 *     it is not remembered. Null for a client that does not want to return
 * @param last how many of the last events of the room follow {@code hello}, each with its {@code position} and the member {@code
 *     at}, the time of its publication in milliseconds since 1970: 0 to 1000; fewer are sent if the room remembers fewer, or they
 *     would fill more than half of the client's outbox. What the client has missed takes precedence, if all of that is
 *     remembered. A client that is a member already is sent no earlier events
 * @param request what the client has sent, for the policy of the room and {@link OnJoin} methods; never null
 */
public record Join(String nick, Data data, String since, int last, Data request) {
    /** A join without a nick or anything else. */
    public static final Join PLAIN = new Join(null, null, null, 0, Data.NULL);

    public Join {
        data = data == null || data.isNull() ? null : data;
    }

    /** A join with a nick; null for none. */
    public static Join as(String nick) {
        return new Join(nick, null, null, 0, Data.NULL);
    }

    /**
     * A join as a client has asked for it, with the members {@code nick}, {@code data}, {@code since} and {@code last} of its data.
     *
     * @param request the data of the client's event
     * @throws EventException {@code invalid-data} if one of them has another type
     */
    public static Join of(Data request) {
        Long last = request.integer("last");
        String since = request.string("since");
        return new Join(
                request.string("nick"),
                request.member("data"),
                since == null && last != null ? "" : since, // earlier events come with their positions
                last == null
                        ? 0
                        : (int) Math.max(-1, Math.min(last, Integer.MAX_VALUE)), // a room rejects what is too many
                request);
    }

    /**
     * A copy with other data.
     *
     * @param memberData anything that JSON-B can write; null for none
     * @throws jakarta.json.bind.JsonbException if it cannot be written as JSON
     */
    public Join with(Object memberData) {
        return new Join(nick, memberData == null ? null : Data.of(memberData), since, last, request);
    }

    /** A copy of a client that wants to return; see {@link #since()}. */
    public Join since(String positions) {
        return new Join(nick, data, positions, last, request);
    }

    /** A copy of a client that wants some of the last events; see {@link #last()}. */
    public Join last(int events) {
        return new Join(nick, data, since, events, request);
    }
}
