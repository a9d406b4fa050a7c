package dev.hubbub.socketio;

import dev.hubbub.json.Scanner;
import java.util.BitSet;

/** Where attachments stand in the JSON of a packet: <code>{"_placeholder":true,"num":0}</code>. */
final class Placeholders {
    private static final String MARK = "_placeholder";

    private Placeholders() {}

    /** Whether each is for one of so many attachments: of another, the client's library ends the connection. */
    static boolean areValid(String json, int attachments) {
        return find(json, attachments, new BitSet());
    }

    /** @param found the numbers that there are */
    static boolean find(String json, int attachments, BitSet found) {
        char first = json.charAt(0);
        if (first == '[') {
            boolean[] valid = {true};
            Scanner.forEachElement(
                    json, (start, end) -> valid[0] &= find(json.substring(start, end), attachments, found));
            return valid[0];
        }
        if (first != '{') {
            return true;
        }
        int number = number(json);
        if (number != NONE) {
            if (number < 0 || number >= attachments) {
                return false;
            }
            found.set(number);
            return true;
        }
        boolean[] valid = {true};
        Scanner.forEachMember(
                json, (name, start, end) -> valid[0] &= find(json.substring(start, end), attachments, found));
        return valid[0];
    }

    private static final int NONE = -2;
    private static final int INVALID = -1;

    /** The number of the attachment; negative if this is no placeholder, or not a valid one. */
    static int number(String json) {
        if (json.charAt(0) != '{' || !"true".equals(Scanner.member(json, MARK))) {
            return NONE;
        }
        String number = Scanner.member(json, "num");
        boolean digits =
                number != null && number.length() <= 3 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(number) : INVALID;
    }

    static String of(int number) {
        return "{\"_placeholder\":true,\"num\":" + number + "}";
    }
}
