package dev.hubbub.api;

import dev.hubbub.EventException;
import dev.hubbub.app.Hubbub;
import dev.hubbub.http.Body;
import dev.hubbub.protocol.Protocol;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the API keeps as long as Hubbub runs, and how it publishes. */
final class Api {
    private static final String KEY = "Idempotency-Key";

    private final Hubbub hubbub;
    private final Callers callers;
    private final Idempotency idempotency;

    Api(Hubbub hubbub) {
        this.hubbub = hubbub;
        callers = new Callers(hubbub);
        idempotency = new Idempotency(hubbub.settings().logAge());
    }

    Callers callers() {
        return callers;
    }

    /**
     * Reads the body of a request, publishes its events and answers with their positions.
     *
     * @throws Problem 400 if the idempotency key is invalid
     */
    void publish(Callers.Caller caller, String namespace, Target target, HttpServletRequest request)
            throws IOException {
        String key = idempotencyKey(request);
        String type = request.getContentType();
        boolean binary = type != null && type.startsWith("application/octet-stream");
        Body.read(request, hubbub.settings().api().maxBody(), new Body.LaterHandler() {
            @Override
            public CompletionStage<Body.ResponseWriter> handle(byte[] body) {
                CompletionStage<String> answer;
                try {
                    answer = publish(caller, namespace, target, key, body, binary);
                } catch (RuntimeException problem) {
                    answer = CompletableFuture.failedFuture(problem);
                }
                return answer.handle((json, failure) -> failure == null
                        ? Problem.json(json)
                        : Problem.of(failure).response());
            }

            @Override
            public Body.ResponseWriter reject(int status, EventException error) {
                return new Problem(status, error.code(), error.getMessage()).response();
            }
        });
    }

    private static String idempotencyKey(HttpServletRequest request) {
        String key = request.getHeader(KEY);
        if (key != null && (key.isBlank() || key.length() > Idempotency.MAX_KEY || !Protocol.isPrintable(key))) {
            throw Publication.invalid("An " + KEY + " must have 1 to " + Idempotency.MAX_KEY + " visible characters");
        }
        return key;
    }

    private CompletionStage<String> publish(
            Callers.Caller caller, String namespace, Target target, String key, byte[] body, boolean binary) {
        Publication.Batch batch =
                Publication.parse(body, binary, hubbub.settings().maxPayload());
        List<Publication> events = batch.events();
        if (key == null) {
            return checkAndPublish(caller, target, batch, null);
        }
        Idempotency.Key scoped = new Idempotency.Key(caller.name(), namespace + " " + target.scope(events), key);
        return idempotency.once(scoped, digest(binary, body), () -> checkAndPublish(caller, target, batch, key));
    }

    private static byte[] digest(boolean binary, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Boolean.toString(binary).getBytes(StandardCharsets.US_ASCII));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has SHA-256
        }
    }

    private static CompletionStage<String> checkAndPublish(
            Callers.Caller caller, Target target, Publication.Batch batch, String key) {
        for (int i = 0; i < batch.events().size(); i++) {
            try {
                target.check(batch.events().get(i));
            } catch (Problem problem) {
                throw batch.batch() ? problem.at(i) : problem;
            }
        }
        if (batch.events().size() > 1) {
            caller.charge(batch.events().size() - 1); // the request itself was charged
        }
        return publishAll(caller, target, batch, key);
    }

    /**
     * The idempotency key of one event: its own, or one made from that of the request, by which rooms recognise an event that a
     * former request has published before it failed.
     */
    private static String eventKey(Callers.Caller caller, Publication publication, String key, int index) {
        if (publication.event().key() != null || key == null) {
            return publication.event().key();
        }
        byte[] text = (caller.name() + "\n" + key + "\n" + index).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(digest(false, text));
    }

    private static CompletionStage<String> publishAll(
            Callers.Caller caller, Target target, Publication.Batch batch, String key) {
        List<CompletableFuture<String>> positions = new ArrayList<>();
        for (Publication event : batch.events()) {
            try {
                positions.add(target.publish(event, eventKey(caller, event, key, positions.size()))
                        .toCompletableFuture());
            } catch (RuntimeException failure) {
                Problem problem = Problem.of(failure);
                throw batch.batch() ? problem.at(positions.size()) : problem;
            }
        }
        if (!batch.batch()) {
            return positions
                    .get(0)
                    .thenApply(json -> json.startsWith("{") // several rooms
                            ? "{\"positions\":" + json + "}"
                            : "{\"position\":" + json + "}");
        }
        return CompletableFuture.allOf(positions.toArray(CompletableFuture[]::new))
                .thenApply(nothing -> positions.stream()
                        .map(CompletableFuture::join)
                        .collect(java.util.stream.Collectors.joining(",", "{\"positions\":[", "]}")));
    }

    /** Writes the response to a request without a body, as soon as it is known. */
    static void respond(
            HttpServletRequest request, HttpServletResponse response, CompletableFuture<Body.ResponseWriter> answer)
            throws IOException {
        if (answer.isDone()) {
            answer.join().write(response);
            return;
        }
        AsyncContext async = request.startAsync();
        answer.whenComplete((writer, failure) -> {
            try {
                writer.write((HttpServletResponse) async.getResponse());
            } catch (IOException disconnected) {
                System.getLogger("dev.hubbub")
                        .log(System.Logger.Level.DEBUG, "A response could not be written", disconnected);
            } finally {
                async.complete();
            }
        });
    }
}
