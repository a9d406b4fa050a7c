package dev.hubbub.contract;

import java.util.List;

/** The form of a JSON value. */
sealed interface Shape {
    /** Any value. */
    record Any() implements Shape {}

    /** No value: {@code null}. */
    record Nothing() implements Shape {}

    /** @param type a type of JSON Schema; @param format a format of JSON Schema, null for none */
    record Scalar(String type, String format) implements Shape {}

    record Choice(List<String> values) implements Shape {}

    record Items(Shape element) implements Shape {}

    /** An object whose members have any names. */
    record Entries(Shape value) implements Shape {}

    /** A type of the contract. */
    record Named(String name) implements Shape {}

    /** A value or {@code null}. */
    record Nullable(Shape shape) implements Shape {}
}
