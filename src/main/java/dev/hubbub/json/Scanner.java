package dev.hubbub.json;

/**
 * Walks over JSON text (RFC 8259) and says where a value ends, without building it. Strict: what it lets pass, every
 * JSON parser of the receivers accepts. That is what allows to pass a sender's data on as text.
 *
 * <p>The static methods without a checked exception expect text that was checked before.
 */
public final class Scanner {
    /** Deeper nesting is refused: parsers of receivers recurse, and nobody means it. */
    static final int MAX_DEPTH = 100;

    /** Longer numbers are refused: turning a million digits into a BigInteger takes seconds. */
    static final int MAX_NUMBER = 1_000;

    /** Longer exponents are refused: 1e999999999 as a whole number fills the memory, and no other parser takes longer ones. */
    static final int MAX_EXPONENT = 4;

    private final String text;
    private int at;

    public Scanner(String text) {
        this.text = text;
    }

    /** Called for each member of an object, with the unescaped name and where the value stands. */
    @FunctionalInterface
    public interface Member {
        void at(String name, int start, int end);
    }

    /** @throws JsonSyntaxException if the text is not exactly one JSON value, blanks around it allowed */
    public static void checkValue(String text) throws JsonSyntaxException {
        Scanner scanner = new Scanner(text);
        scanner.blanks();
        scanner.value(0);
        scanner.end();
    }

    /** Visits the members of an object in order and checks the text on the way; a name may come twice. */
    public void object(Member visitor) throws JsonSyntaxException {
        blanks();
        expect('{', "An object was expected");
        members(0, visitor);
        end();
    }

    /** Visits the members of an object that was checked before. */
    public static void forEachMember(String object, Member visitor) {
        try {
            new Scanner(object).object(visitor);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Called for each element of an array with where it stands. */
    @FunctionalInterface
    public interface Element {
        void at(int start, int end);
    }

    /** Visits the elements of an array in order and checks the text on the way. */
    public void array(Element visitor) throws JsonSyntaxException {
        blanks();
        expect('[', "An array was expected");
        elements(0, visitor);
        end();
    }

    /** Visits the elements of an array that was checked before. */
    public static void forEachElement(String array, Element visitor) {
        try {
            new Scanner(array).array(visitor);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The JSON text of a member, the last one of its name as in JavaScript; null if there is none. */
    public static String member(String object, String name) {
        int[] place = new int[2];
        forEachMember(object, (found, start, end) -> {
            if (found.equals(name)) {
                place[0] = start;
                place[1] = end;
            }
        });
        return place[1] == 0 ? null : object.substring(place[0], place[1]);
    }

    /** The characters of a JSON string that was checked before. */
    public static String unquote(String string) {
        return unescape(string, 1, string.length() - 1);
    }

    private void members(int depth, Member visitor) throws JsonSyntaxException {
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            int start = at + 1;
            string();
            int end = at - 1;
            blanks();
            expect(':', "A colon was expected");
            blanks();
            int value = at;
            value(depth + 1);
            if (visitor != null) {
                visitor.at(unescape(text, start, end), value, at);
            }
            blanks();
            if (peek() == '}') {
                at++;
                return;
            }
            expect(',', "A comma or the end of the object was expected");
            blanks();
        }
    }

    private void elements(int depth, Element visitor) throws JsonSyntaxException {
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            int value = at;
            value(depth + 1);
            if (visitor != null) {
                visitor.at(value, at);
            }
            blanks();
            if (peek() == ']') {
                at++;
                return;
            }
            expect(',', "A comma or the end of the array was expected");
            blanks();
        }
    }

    private void value(int depth) throws JsonSyntaxException {
        if (depth > MAX_DEPTH) {
            throw new JsonSyntaxException("More than " + MAX_DEPTH + " levels of nesting", at);
        }
        switch (peek()) {
            case '{' -> {
                at++;
                members(depth, null);
            }
            case '[' -> {
                at++;
                elements(depth, null);
            }
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void word(String word) throws JsonSyntaxException {
        if (!text.startsWith(word, at)) {
            throw new JsonSyntaxException("A value was expected", at);
        }
        at += word.length();
    }

    private void number() throws JsonSyntaxException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits(start);
        }
        if (peek() == '.') {
            at++;
            digits(start);
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            int exponent = at;
            digits(start);
            if (at - exponent > MAX_EXPONENT) {
                throw new JsonSyntaxException("An exponent of more than " + MAX_EXPONENT + " digits", start);
            }
        }
        if (at - start > MAX_NUMBER) {
            throw new JsonSyntaxException("A number of more than " + MAX_NUMBER + " characters", start);
        }
    }

    private void digits(int start) throws JsonSyntaxException {
        int first = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == first) {
            throw new JsonSyntaxException(at == start ? "A value was expected" : "A digit was expected", at);
        }
    }

    private void string() throws JsonSyntaxException {
        expect('"', "A string was expected");
        String text = this.text; // a local is what the compiler can keep in a register in this, the hottest, loop
        int i = at;
        int length = text.length();
        while (i < length) {
            char c = text.charAt(i++);
            if (c == '"') {
                at = i;
                return;
            }
            if (c < ' ') {
                throw new JsonSyntaxException("A control character inside a string", i - 1);
            }
            if (c == '\\') {
                i = escape(i);
            }
        }
        throw new JsonSyntaxException("A string does not end", at - 1);
    }

    private int escape(int i) throws JsonSyntaxException {
        char c = i < text.length() ? text.charAt(i) : 0;
        if (c == 'u') {
            for (int k = 1; k <= 4; k++) {
                if (i + k >= text.length() || Character.digit(text.charAt(i + k), 16) < 0 || text.charAt(i + k) > 'f') {
                    throw new JsonSyntaxException("Four hexadecimal digits were expected", i);
                }
            }
            return i + 5;
        }
        if (c == 0 || "\"\\/bfnrt".indexOf(c) < 0) {
            throw new JsonSyntaxException("An unknown escape", i);
        }
        return i + 1;
    }

    private static String unescape(String text, int start, int end) {
        int backslash = text.indexOf('\\', start);
        if (backslash < 0 || backslash >= end) {
            return text.substring(start, end);
        }
        StringBuilder to = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                to.append(c);
                continue;
            }
            c = text.charAt(++i);
            switch (c) {
                case 'b' -> to.append('\b');
                case 'f' -> to.append('\f');
                case 'n' -> to.append('\n');
                case 'r' -> to.append('\r');
                case 't' -> to.append('\t');
                case 'u' -> {
                    to.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> to.append(c);
            }
        }
        return to.toString();
    }

    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private void end() throws JsonSyntaxException {
        blanks();
        if (at < text.length()) {
            throw new JsonSyntaxException("Something follows the value", at);
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0; // a raw zero is no JSON anywhere, so it can mean the end
    }

    private void expect(char c, String otherwise) throws JsonSyntaxException {
        if (peek() != c) {
            throw new JsonSyntaxException(otherwise, at);
        }
        at++;
    }
}
