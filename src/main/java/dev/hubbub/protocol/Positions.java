package dev.hubbub.protocol;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of positions as clients send them when they return: {@code x7KqPz0aB1c.17,Qw3...}. */
public final class Positions {
    /**
     * The most positions that one client can return with: those of 255 rooms and of the events to everyone. A list of them is
     * about 5 KB, which fits into the request head of every container (Tomcat takes 8 KB).
     */
    public static final int MAX = 256;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    private static final int EPOCH_LENGTH = 11; // 66 bits

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{11})\\.([0-9]{1,18})");

    private Positions() {}

    /** A random epoch, see {@link dev.hubbub.Position}. */
    public static String newEpoch() {
        byte[] random = new byte[EPOCH_LENGTH];
        RANDOM.nextBytes(random);
        StringBuilder epoch = new StringBuilder(EPOCH_LENGTH);
        for (byte digit : random) {
            epoch.append(DIGITS.charAt(digit & 63));
        }
        return epoch.toString();
    }

    /**
     * The last {@link #MAX} positions of a list, since clients append the most recent ones. Anything else in the list is
     * ignored.
     *
     * @param list positions separated by commas; null for none
     * @return numbers by epoch; of two positions with one epoch the greater number counts
     */
    public static Map<String, Long> parse(String list) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        Matcher matcher = FORM.matcher(list == null ? "" : list);
        while (matcher.find()) {
            Long former = numbers.remove(matcher.group(1));
            Long number = Long.valueOf(matcher.group(2));
            numbers.put(matcher.group(1), former == null ? number : Math.max(former, number));
            if (numbers.size() > MAX) {
                numbers.remove(numbers.keySet().iterator().next());
            }
        }
        return numbers;
    }
}
