package dev.hubbub.protocol;

import java.util.Set;

/** The names and limits that the protocol fixes. */
public final class Protocol {
    public static final String CONNECTED = "connected";
    public static final String ACK = "ack";
    public static final String ERROR = "error";
    public static final String HELLO = "hello";
    public static final String JOINED = "joined";
    public static final String LEFT = "left";
    public static final String AUTH = "auth";

    /** Events that Hubbub itself sends or takes; no handler can have them. */
    public static final Set<String> RESERVED = Set.of(ACK, ERROR, CONNECTED);

    /** Characters of an event's or a room's name, and of an id that is a string. */
    public static final int MAX_NAME = 128;

    /** Characters of a nick. */
    public static final int MAX_NICK = 64;

    /** Attachments of one event, whatever the settings. */
    public static final int MAX_ATTACHMENTS = 100;

    /** Who sends this many events in a row that are refused is not going to send a good one, and is closed with 1008. */
    public static final int MAX_ERRORS_IN_A_ROW = 100;

    private Protocol() {}

    /** Whether a name has 1 to {@link #MAX_NAME} characters. */
    public static boolean isName(String name) {
        return name != null && !name.isEmpty() && name.length() <= MAX_NAME;
    }

    /**
     * Whether a text has only characters that are seen, or blanks: none that begins a line, moves a cursor, turns the
     * direction of what follows, or is half of a character.
     */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(Protocol::controls);
    }

    private static boolean controls(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            // Joiners belong to emoji and to scripts; what turns the direction does not belong into a name.
            case Character.FORMAT -> character != 0x200C && character != 0x200D && character < 0xE0000;
            default -> false;
        };
    }
}
