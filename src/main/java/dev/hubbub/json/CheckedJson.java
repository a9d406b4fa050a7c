package dev.hubbub.json;

/**
 * JSON text that is known to be well-formed, because a {@link Scanner} has read it or Hubbub has written it. {@code Data.of}
 * accepts it without parsing it again. This class does not check the text: text from a client must be checked first, for
 * example by {@link Scanner#checkValue}.
 *
 * @param arguments whether the text is an array of several arguments, as by {@code Data.arguments}
 */
public record CheckedJson(String json, boolean arguments) implements JsonText {
    public CheckedJson(String json) {
        this(json, false);
    }
}
