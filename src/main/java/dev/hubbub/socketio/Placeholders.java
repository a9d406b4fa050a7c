package dev.hubbub.socketio;

import dev.hubbub.json.Scanner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Placeholders of attachments in the JSON of a packet: <code>{"_placeholder":true,"num":0}</code> stands for the first
 * attachment (Socket.IO protocol 5, "Packet encoding"). A placeholder may be nested at any depth. An object inside a placeholder
 * is not one, because the client's library replaces the outer object.
 */
final class Placeholders {
    private static final int NONE = -2;
    private static final int INVALID = -1;
    private static final int MAX_DIGITS = 3;

    private Placeholders() {}

    /**
     * Whether each placeholder has the number of one of these attachments. The client's library closes the connection when it
     * finds another number.
     */
    static boolean areValid(String json, int attachments) {
        return find(json, attachments, new BitSet());
    }

    /**
     * Searches the text once, however deep its values are nested.
     *
     * @param found receives the numbers of the placeholders
     * @return false if a placeholder has no valid number
     */
    static boolean find(String json, int attachments, BitSet found) {
        Search search = new Search(json);
        Scanner.forEachObject(json, search);
        boolean valid = true;
        for (int number : search.numbers) {
            if (number < 0 || number >= attachments) {
                valid = false;
            } else {
                found.set(number);
            }
        }
        return valid;
    }

    /** The number of the attachment; negative if this is not a placeholder, or not a valid one. */
    static int number(String json) {
        if (json.charAt(0) != '{') {
            return NONE;
        }
        Candidate candidate = new Candidate(0);
        Scanner.forEachMember(json, (name, start, end) -> candidate.member(name, json, start, end));
        return candidate.isPlaceholder ? candidate.number : NONE;
    }

    static String of(int number) {
        return "{\"_placeholder\":true,\"num\":" + number + "}";
    }

    /** Collects the numbers of all placeholders. */
    private static final class Search implements Scanner.ObjectVisitor {
        private final String json;
        private final Deque<Candidate> open = new ArrayDeque<>();
        final List<Integer> numbers = new ArrayList<>();

        Search(String json) {
            this.json = json;
        }

        @Override
        public void beginObject() {
            open.push(new Candidate(numbers.size()));
        }

        @Override
        public void member(String name, int start, int end) {
            open.peek().member(name, json, start, end);
        }

        @Override
        public void endObject() {
            Candidate candidate = open.pop();
            if (candidate.isPlaceholder) {
                numbers.subList(candidate.firstInside, numbers.size()).clear();
                numbers.add(candidate.number);
            }
        }
    }

    /** An object that may turn out to be a placeholder. The last of several members with the same name wins, as in JavaScript. */
    private static final class Candidate {
        /** How many placeholders were found before this object; later ones are inside it. */
        final int firstInside;

        boolean isPlaceholder;
        int number = INVALID;

        Candidate(int firstInside) {
            this.firstInside = firstInside;
        }

        void member(String name, String json, int start, int end) {
            if (name.equals("_placeholder")) {
                isPlaceholder = end - start == 4 && json.startsWith("true", start);
            } else if (name.equals("num")) {
                number = end - start > MAX_DIGITS ? INVALID : digits(json.substring(start, end));
            }
        }

        private static int digits(String number) {
            return number.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(number) : INVALID;
        }
    }
}
