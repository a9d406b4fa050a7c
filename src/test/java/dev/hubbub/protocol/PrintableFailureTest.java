package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PrintableFailureTest {
    @Test
    void aFailureWithPrintableMessagesIsLoggedAsItIs() {
        Throwable failure = new IllegalStateException("broken", new NumberFormatException("For input string: x"));
        assertThat(PrintableFailure.of(failure)).isSameAs(failure);
    }

    @Test
    void aMessageCannotBeginALineOfTheLog() {
        String forged = "x\n2026-01-01 INFO Forged\u001b[31m";
        Throwable cause = new NumberFormatException(forged);
        cause.addSuppressed(new IllegalArgumentException(forged));
        Throwable failure = new IllegalStateException("broken", cause);
        failure.addSuppressed(new IllegalArgumentException(forged));
        Throwable logged = PrintableFailure.of(failure);
        StringWriter text = new StringWriter();
        logged.printStackTrace(new PrintWriter(text));
        assertThat(text.toString().lines())
                .noneMatch(line -> line.startsWith("2026") || line.contains("\u001b"))
                .anyMatch(line -> line.contains("NumberFormatException: x\\u000a2026-01-01 INFO Forged\\u001b[31m"))
                .anyMatch(line -> line.startsWith("Caused by: "));
        assertThat(logged.getStackTrace()).isEqualTo(failure.getStackTrace());
    }

    @Test
    void failuresThatReferToEachOtherAreCut() {
        Throwable one = new IllegalStateException("a\nb");
        Throwable other = new IllegalStateException("c\nd", one);
        one.addSuppressed(other);
        assertThat(PrintableFailure.of(one).toString()).isEqualTo("java.lang.IllegalStateException: a\\u000ab");
    }
}
