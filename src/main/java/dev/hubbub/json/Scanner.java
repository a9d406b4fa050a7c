package dev.hubbub.json;

/**
 * Reads JSON text (RFC 8259) and reports where its values begin and end, without building objects. It is strict: every JSON
 * parser accepts the text that it accepts. Therefore Hubbub can forward the data of an event as text.
 *
 * <p>The static methods without a checked exception expect text that has been checked before.
 */
public final class Scanner {
    /** Deeper nesting is rejected, because the parsers of receivers recurse and may overflow their stacks. */
    static final int MAX_DEPTH = 100;

    /** Longer numbers, in characters, are rejected: converting a million digits to a BigInteger takes seconds. */
    static final int MAX_NUMBER = 1_000;

    /**
     * Longer exponents, in digits, are rejected: 1e999999999 as a whole number fills the memory, and other parsers do not
     * accept longer ones.
     */
    static final int MAX_EXPONENT = 4;

    private final String text;
    private final ObjectVisitor objects;
    private int at;

    public Scanner(String text) {
        this(text, null);
    }

    private Scanner(String text, ObjectVisitor objects) {
        this.text = text;
        this.objects = objects;
    }

    /** Called for each member of an object. */
    @FunctionalInterface
    public interface MemberVisitor {
        /**
         * @param name unescaped
         * @param start the index of the value's first character
         * @param end the index after the value's last character
         */
        void member(String name, int start, int end);
    }

    /** @throws JsonSyntaxException if the text is not exactly one JSON value, with or without blanks around it */
    public static void checkValue(String text) throws JsonSyntaxException {
        checkValue(new Scanner(text));
    }

    private static void checkValue(Scanner scanner) throws JsonSyntaxException {
        scanner.blanks();
        scanner.value(0);
        scanner.end();
    }

    /** Checks that the text is an object and visits its members in order. The same name may occur twice. */
    public void object(MemberVisitor visitor) throws JsonSyntaxException {
        blanks();
        expect('{', "An object was expected");
        members(0, visitor);
        end();
    }

    /** Visits the members of an object that has been checked before. */
    public static void forEachMember(String object, MemberVisitor visitor) {
        try {
            new Scanner(object).object(visitor);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Called for each element of an array. */
    @FunctionalInterface
    public interface ElementVisitor {
        /**
         * @param start the index of the element's first character
         * @param end the index after the element's last character
         */
        void element(int start, int end);
    }

    /** Checks that the text is an array and visits its elements in order. */
    public void array(ElementVisitor visitor) throws JsonSyntaxException {
        blanks();
        expect('[', "An array was expected");
        elements(0, visitor);
        end();
    }

    /** Visits the elements of an array that has been checked before. */
    public static void forEachElement(String array, ElementVisitor visitor) {
        try {
            new Scanner(array).array(visitor);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Called for the objects at every depth, in the order of the text. A member is reported after the objects inside its value
     * and before the end of its own object.
     */
    public interface ObjectVisitor extends MemberVisitor {
        void beginObject();

        void endObject();
    }

    /** Visits all objects inside a value that has been checked before. Reads the text once, however deep they are nested. */
    public static void forEachObject(String value, ObjectVisitor visitor) {
        try {
            checkValue(new Scanner(value, visitor));
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The JSON text of a member; null if there is none. The last of several with the same name wins, as in JavaScript. */
    public static String member(String object, String name) {
        int[] range = new int[2];
        forEachMember(object, (found, start, end) -> {
            if (found.equals(name)) {
                range[0] = start;
                range[1] = end;
            }
        });
        return range[1] == 0 ? null : object.substring(range[0], range[1]);
    }

    /** The unescaped content of a JSON string that has been checked before. */
    public static String unquote(String string) {
        return unescape(string, 1, string.length() - 1);
    }

    private void members(int depth, MemberVisitor visitor) throws JsonSyntaxException {
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
                visitor.member(unescape(text, start, end), value, at);
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

    private void elements(int depth, ElementVisitor visitor) throws JsonSyntaxException {
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            int value = at;
            value(depth + 1);
            if (visitor != null) {
                visitor.element(value, at);
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
                if (objects == null) {
                    members(depth, null);
                } else {
                    objects.beginObject();
                    members(depth, objects);
                    objects.endObject();
                }
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
                throw new JsonSyntaxException("An exponent has more than " + MAX_EXPONENT + " digits", start);
            }
        }
        if (at - start > MAX_NUMBER) {
            throw new JsonSyntaxException("A number has more than " + MAX_NUMBER + " characters", start);
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
        String text = this.text; // the compiler can keep a local variable in a register; this loop is the hottest
        int i = at;
        int length = text.length();
        while (i < length) {
            char c = text.charAt(i++);
            if (c == '"') {
                at = i;
                return;
            }
            if (c < ' ') {
                throw new JsonSyntaxException("A string must not contain a control character", i - 1);
            }
            if (c == '\\') {
                i = escape(i);
            }
        }
        throw new JsonSyntaxException("A string has no closing quote", at - 1);
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
            throw new JsonSyntaxException("The text goes on after the value", at);
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0; // JSON never contains a raw zero, so it can stand for the end
    }

    private void expect(char c, String problem) throws JsonSyntaxException {
        if (peek() != c) {
            throw new JsonSyntaxException(problem, at);
        }
        at++;
    }
}
