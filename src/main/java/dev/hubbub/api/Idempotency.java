package dev.hubbub.api;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The answers to requests with an {@code Idempotency-Key}, so that a request that is sent again publishes nothing. */
final class Idempotency {
    /** About 20 MB at most, if answers are short. */
    private static final int MAX_ANSWERS = 50_000;

    static final int MAX_KEY = 128;

    private final long age;

    /** In the order of insertion. Guarded by itself. */
    private final Map<Key, First> answers = new LinkedHashMap<>();

    /**
     * What a key belongs to.
     *
     * @param scope the namespace and the rooms
     */
    record Key(String caller, String scope, String key) {
        // Written out, as in Member: JDK 17 would keep the class of a record that it compares.

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && caller.equals(that.caller)
                    && scope.equals(that.scope)
                    && key.equals(that.key);
        }

        @Override
        public int hashCode() {
            return Objects.hash(caller, scope, key);
        }
    }

    private record First(byte[] digest, CompletionStage<String> answer, long at) {}

    /** @param age how long an answer is remembered */
    Idempotency(Duration age) {
        this.age = age.toNanos();
    }

    /**
     * Publishes, unless a request with this key did so before.
     *
     * @param digest of the body
     * @return the answer of the first request
     * @throws Problem 409 if the first request had another body
     */
    CompletionStage<String> once(Key key, byte[] digest, Supplier<CompletionStage<String>> publishing) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        synchronized (answers) {
            long now = System.nanoTime();
            forgetOld(now);
            First first = answers.putIfAbsent(key, new First(digest, answer, now));
            if (first != null) {
                if (!Arrays.equals(first.digest, digest)) {
                    throw new Problem(
                            HttpServletResponse.SC_CONFLICT,
                            "conflict",
                            "The Idempotency-Key was used for another body");
                }
                return first.answer;
            }
        }
        try {
            publishing.get().whenComplete((text, failure) -> {
                if (failure == null) {
                    answer.complete(text);
                } else {
                    fail(key, answer, failure);
                }
            });
        } catch (RuntimeException failure) {
            fail(key, answer, failure);
        }
        return answer;
    }

    /** The request may be sent again. */
    private void fail(Key key, CompletableFuture<String> answer, Throwable failure) {
        synchronized (answers) {
            answers.remove(key);
        }
        answer.completeExceptionally(failure);
    }

    private void forgetOld(long now) {
        Iterator<First> oldest = answers.values().iterator();
        while (oldest.hasNext()) {
            if (now - oldest.next().at < age && answers.size() < MAX_ANSWERS) {
                return;
            }
            oldest.remove();
        }
    }

    int size() {
        synchronized (answers) {
            return answers.size();
        }
    }
}
