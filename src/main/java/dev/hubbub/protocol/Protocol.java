package dev.hubbub.protocol;

import java.util.Set;

/** The names and limits that the event protocol, version 1, defines. */
public final class Protocol {
    public static final String CONNECTED = "connected";
    public static final String ACK = "ack";
    public static final String ERROR = "error";
    public static final String HELLO = "hello";
    public static final String JOINED = "joined";
    public static final String LEFT = "left";
    public static final String LOST = "lost";
    public static final String CLUSTER = "cluster";
    public static final String AUTH = "auth";

    /** Names that are no events of a client: answers, and what only Hubbub sends. Socket.IO clients may use them. */
    public static final Set<String> RESERVED = Set.of(ACK, ERROR, CONNECTED);

    /** Maximum of characters in the name of an event or a room, and in an id that is a string. */
    public static final int MAX_NAME = 128;

    /** Bytes of the JSON text of a member's data: enough for a colour, an avatar's URL and a state. */
    public static final int MAX_MEMBER_DATA = 1024;

    /** Maximum of characters in a nick. */
    public static final int MAX_NICK = 64;

    /** Maximum of attachments of one event, whatever the settings allow. */
    public static final int MAX_ATTACHMENTS = 100;

    /** A client that sends this many rejected events in a row is closed with 1008. */
    public static final int MAX_ERRORS_IN_A_ROW = 100;

    private Protocol() {}

    /** Whether a name has 1 to {@link #MAX_NAME} characters. */
    public static boolean isName(String name) {
        return name != null && !name.isEmpty() && name.length() <= MAX_NAME;
    }

    /**
     * Whether a text has only visible characters and blanks. Characters that begin a line, move the cursor, or change the
     * direction of the text are not allowed, nor are lone surrogates.
     */
    public static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(Protocol::isControl);
    }

    /** A text with all characters that {@link #isPrintable} forbids as escapes, like <code>&#92;u001b</code>, for a line of a log. */
    public static String printable(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (isControl(character)) {
                printable.append(String.format("\\u%04x", character));
            } else {
                printable.appendCodePoint(character);
            }
        });
        return printable.toString();
    }

    private static boolean isControl(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            // Joiners (U+200C, U+200D) are part of emoji and scripts, and tags (U+E0000 and above) of emoji flags.
            case Character.FORMAT -> character != 0x200C && character != 0x200D && character < 0xE0000;
            default -> false;
        };
    }
}
