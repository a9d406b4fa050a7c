package dev.hubbub.history;

import dev.hubbub.Position;
import dev.hubbub.hub.Broker;
import dev.hubbub.hub.Source;
import dev.hubbub.protocol.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Events as rows of hubbub_event. */
final class Rows {
    /** The columns that {@link #event} reads. */
    static final String COLUMNS = "number, at, except_ids, elsewhere, body";

    private static final int MAX_SENDER = 255;
    private static final int KEPT_OF_LONG_SENDER = 200;
    private static final int MAX_ELSEWHERE = 2_000;

    private Rows() {}

    /** Sets the parameters of {@link Dialect#insert}. */
    static void set(PreparedStatement insert, Dialect dialect, long epochId, Broker.StoredEvent event, Source source)
            throws SQLException {
        insert.setLong(1, epochId);
        insert.setLong(2, event.event().position().number());
        insert.setLong(3, event.at());
        dialect.setText(insert, 4, sender(source.userName()));
        Source.KeyHash key = source.keyHash();
        dialect.setText(insert, 5, key == null ? null : text(key));
        dialect.setText(insert, 6, event.except().isEmpty() ? null : String.join(",", event.except()));
        dialect.setText(insert, 7, elsewhere(event.elsewhere()));
        ByteBuffer payload = event.event().payload();
        byte[] body = new byte[payload.remaining()];
        payload.get(body);
        insert.setBytes(8, body);
    }

    /** The first positions that fit into the column. */
    private static String elsewhere(List<Position> positions) {
        StringBuilder to = new StringBuilder();
        for (Position position : positions) {
            String text = position.toString();
            if (to.length() + text.length() < MAX_ELSEWHERE) {
                (to.length() == 0 ? to : to.append(',')).append(text);
            }
        }
        return to.length() == 0 ? null : to.toString();
    }

    /** The name of a user as in the column, which holds no zero and not more than 255 characters. */
    static String sender(String user) {
        if (user == null) {
            return null;
        }
        String name = user.replace('\0', '\uFFFD');
        if (name.codePointCount(0, name.length()) <= MAX_SENDER) {
            return name;
        }
        int end = name.offsetByCodePoints(0, KEPT_OF_LONG_SENDER);
        return name.substring(0, end) + "#" + digest(name);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    static String text(Source.KeyHash key) {
        return String.format("%016x%016x", key.high(), key.low());
    }

    static Source.KeyHash key(String text) {
        return new Source.KeyHash(
                Long.parseUnsignedLong(text.substring(0, 16), 16), Long.parseUnsignedLong(text.substring(16), 16));
    }

    /** @param rows at a row of {@link #COLUMNS} */
    static Broker.StoredEvent event(ResultSet rows, Dialect dialect, String epoch) throws SQLException {
        Position position = new Position(epoch, rows.getLong(1));
        String except = dialect.text(rows, 3);
        String elsewhere = dialect.text(rows, 4);
        return new Broker.StoredEvent(
                Frame.stored(rows.getBytes(5), position),
                except == null ? Set.of() : Set.of(except.split(",")),
                elsewhere == null
                        ? List.of()
                        : List.of(elsewhere.split(",")).stream()
                                .flatMap(text -> Position.parse(text).stream())
                                .collect(Collectors.toUnmodifiableList()),
                rows.getLong(2));
    }
}
