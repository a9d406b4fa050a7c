package dev.hubbub.protocol;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an event stands in the order of its room, written {@code x7KqPz0a.17}.
 *
 * <p>A number alone would lie: a room that ended and began anew counts from the start, and a client that comes back with
 * the 17 of the old one would be told that it has missed nothing.
 *
 * @param epoch one life of one room: random, so it names the room too, and nobody guesses that of a room he was not in
 * @param number how many events the room has seen in this life
 */
public record Position(String epoch, long number) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    private static final int EPOCH_LENGTH = 11; // 66 bits

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{11})\\.([0-9]{1,18})");

    /** Rooms that one client can come back to in one go. */
    private static final int MAX_LIST = 100;

    public static String newEpoch() {
        StringBuilder epoch = new StringBuilder(EPOCH_LENGTH);
        for (int i = 0; i < EPOCH_LENGTH; i++) {
            epoch.append(DIGITS.charAt(RANDOM.nextInt(64)));
        }
        return epoch.toString();
    }

    /**
     * @param list positions with commas between; what is none is passed over, as is all after the hundredth
     * @return numbers by epoch
     */
    public static Map<String, Long> parse(String list) {
        Map<String, Long> numbers = new HashMap<>();
        Matcher matcher = FORM.matcher(list == null ? "" : list);
        while (numbers.size() < MAX_LIST && matcher.find()) {
            numbers.merge(matcher.group(1), Long.valueOf(matcher.group(2)), Math::max);
        }
        return numbers;
    }

    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
