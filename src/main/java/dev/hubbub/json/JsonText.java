package dev.hubbub.json;

/** A value that is JSON text already: it is written as it stands, also inside other values. */
public interface JsonText {
    String json();
}
