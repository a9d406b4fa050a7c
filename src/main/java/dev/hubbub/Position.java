package dev.hubbub;

import dev.hubbub.json.JsonText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of an event in the order of its room, written {@code x7KqPz0aB1c.17}: as JSON, and by {@link #toString()}.
 *
 * <p>A number alone would be ambiguous. A room that was forgotten begins again at 1, so a client that returns with number 17 of
 * the former life would be told that it has missed nothing. Therefore each life of a room has an epoch.
 *
 * @param epoch identifies one life of one room: 11 random characters of {@code [A-Za-z0-9_-]}, which nobody can guess
 * @param number how many events have been published to the room in this epoch, this one included; 0 before the first
 */
public record Position(String epoch, long number) implements JsonText {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{11})\\.([0-9]{1,18})");

    /** Empty if the text is not a position. */
    public static Optional<Position> parse(String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        return matcher.matches()
                ? Optional.of(new Position(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String json() {
        return '"' + toString() + '"'; // no character of a position needs an escape
    }

    // Written out, as in Member: JDK 17 would keep the class of a record that it compares.

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && number == that.number && epoch.equals(that.epoch);
    }

    @Override
    public int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(number);
    }

    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
