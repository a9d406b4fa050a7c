package dev.hubbub.json;

/** A value that already is JSON text. {@link Json#write} copies the text unchanged, also inside other values. */
public interface JsonText {
    String json();
}
