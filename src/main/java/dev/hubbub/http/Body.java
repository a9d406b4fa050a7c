package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.app.Hubbub;
import dev.hubbub.container.Containers;
import dev.hubbub.protocol.PrintableFailure;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The body of a request, which is read up to a limit and within a time, and without a thread that waits for it (Jakarta Servlet
 * 6.0, section 3.7).
 */
public final class Body implements ReadListener {
    /** As long as Tomcat waits for the head of a request. */
    private static final long TIMEOUT_MILLIS = 20_000;

    /**
     * Bytes beyond the limit that are read and discarded before the request is rejected. A client whose request is rejected while
     * it still sends finds its connection reset, and may not receive the response (RFC 9112, section 9.6).
     */
    private static final int MAX_DISCARDED = 2 * 1024 * 1024;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;
    private final long maxRead;
    private final long contentLength;
    private final LaterHandler handler;
    private final Runnable whenRead;
    private final AtomicBoolean responded = new AtomicBoolean();
    /** Runs the handler, which may block. */
    private final Executor executor;

    private long length;
    private volatile boolean done;

    /** Handles the body and decides on the response. */
    public interface Handler {
        ResponseWriter handle(byte[] body);
    }

    /** Handles the body and decides on the response, also on that to a body that is too long or does not arrive. */
    public interface LaterHandler {
        /** @return completes within the 20 seconds that the request has */
        CompletionStage<ResponseWriter> handle(byte[] body);

        ResponseWriter reject(int status, EventException error);
    }

    private record ImmediateHandler(Handler handler) implements LaterHandler {
        @Override
        public CompletionStage<ResponseWriter> handle(byte[] body) {
            return CompletableFuture.completedFuture(handler.handle(body));
        }

        /** Has a body, because GlassFish 7 loses the status of an asynchronous response without one. */
        @Override
        public ResponseWriter reject(int status, EventException error) {
            return response -> Responses.reject(response, status, error);
        }
    }

    /**
     * Writes the response. It is called last, because a server sends a response as soon as its length is reached, and the
     * client's next request may follow at once.
     */
    public interface ResponseWriter {
        void write(HttpServletResponse response) throws IOException;
    }

    private Body(AsyncContext async, HttpServletRequest request, int limit, LaterHandler handler, Runnable whenRead)
            throws IOException {
        this.async = async;
        in = request.getInputStream();
        contentLength = request.getContentLengthLong();
        this.limit = limit;
        maxRead = (long) limit + MAX_DISCARDED;
        this.handler = handler;
        this.whenRead = whenRead;
        executor = Containers.readsOnIoThread(in)
                ? Hubbub.current().hub().services().application()
                : Runnable::run;
    }

    /** As {@link #read(HttpServletRequest, int, Handler, Runnable)}, without an action. */
    public static void read(HttpServletRequest request, int limit, Handler handler) throws IOException {
        read(request, limit, handler, () -> {});
    }

    /**
     * Reads the body and lets the handler respond. A body that is longer than the limit is rejected with 413, one that takes
     * longer than 20 seconds with 408.
     *
     * @param limit in bytes
     * @param whenRead called when the body has been handled, or will not be; before the response is written
     */
    public static void read(HttpServletRequest request, int limit, Handler handler, Runnable whenRead)
            throws IOException {
        read(request, limit, new ImmediateHandler(handler), whenRead);
    }

    /** As {@link #read(HttpServletRequest, int, Handler)}, for a response that may be known later. */
    public static void read(HttpServletRequest request, int limit, LaterHandler handler) throws IOException {
        read(request, limit, handler, () -> {});
    }

    private static void read(HttpServletRequest request, int limit, LaterHandler handler, Runnable whenRead)
            throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(TIMEOUT_MILLIS);
        Body body = new Body(async, request, limit, handler, whenRead);
        async.addListener(new AsyncListener() {
            @Override
            public void onTimeout(AsyncEvent event) {
                body.timedOut();
            }

            @Override
            public void onComplete(AsyncEvent event) {}

            @Override
            public void onError(AsyncEvent event) {}

            @Override
            public void onStartAsync(AsyncEvent event) {}
        });
        if (body.contentLength > body.maxRead) {
            body.rejectIncomplete(body.tooLong());
        } else {
            body.in.setReadListener(body);
            if (Containers.omitsFirstCall(body.in)) {
                body.onDataAvailable();
            }
        }
    }

    /**
     * Stops at the announced length. Payara would report the end of a body that is read further when the request is over, and log
     * a failure.
     */
    @Override
    public void onDataAvailable() throws IOException {
        byte[] part = new byte[4096];
        while (!done
                && in.isReady()) { // not isFinished(): on Grizzly it is true while bytes that have arrived are unread
            int read = in.read(part);
            if (read < 0) {
                onAllDataRead();
                return;
            }
            length += read;
            if (length <= limit) {
                bytes.write(part, 0, read);
            } else if (length > maxRead) {
                rejectIncomplete(tooLong());
            }
            if (length == contentLength) {
                onAllDataRead();
            }
        }
    }

    private void timedOut() {
        ResponseWriter late = rejection(
                HttpServletResponse.SC_REQUEST_TIMEOUT,
                EventException.MALFORMED,
                "The body of the request did not arrive in time");
        if (!rejectIncomplete(late)) { // the body did arrive, but the response is not known
            respond(rejection(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    EventException.OVERLOADED,
                    "The request took too long"));
        }
    }

    @Override
    public void onAllDataRead() {
        if (length <= limit) {
            finish(handler::handle);
        } else {
            ResponseWriter tooLong = tooLong();
            finish(discarded -> CompletableFuture.completedFuture(tooLong));
        }
    }

    @Override
    public void onError(Throwable failure) {
        rejectIncomplete(rejection(
                HttpServletResponse.SC_BAD_REQUEST,
                EventException.MALFORMED,
                "The body of the request could not be read"));
    }

    private ResponseWriter tooLong() {
        return rejection(
                HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                EventException.TOO_LARGE,
                "The body of a request must have at most " + limit + " bytes");
    }

    private ResponseWriter rejection(int status, String code, String message) {
        return handler.reject(status, new EventException(code, message));
    }

    /** Rejects the request before its body has been read to the end. */
    private boolean rejectIncomplete(ResponseWriter rejection) {
        return finish(part -> CompletableFuture.completedFuture(response -> {
            Responses.closeAfterResponse((HttpServletRequest) async.getRequest(), response);
            rejection.write(response);
        }));
    }

    /** @return false if the body had been handled, or rejected, before */
    private boolean finish(Function<byte[], CompletionStage<ResponseWriter>> by) {
        synchronized (this) {
            if (done) {
                return false;
            }
            done = true;
        }
        try {
            executor.execute(() -> handle(by));
        } catch (RejectedExecutionException e) {
            ResponseWriter overloaded = rejection(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    EventException.OVERLOADED,
                    "The server has too much to do");
            handle(body -> CompletableFuture.completedFuture(overloaded));
        }
        return true;
    }

    private void handle(Function<byte[], CompletionStage<ResponseWriter>> by) {
        CompletionStage<ResponseWriter> response = null;
        try {
            response = by.apply(bytes.toByteArray());
        } finally {
            whenRead.run();
            if (response == null) {
                async.complete(); // the handler has thrown an exception, which the container reports
            }
        }
        response.whenComplete((writer, failure) -> respond(
                failure == null
                        ? writer
                        : rejection(
                                HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                                EventException.INTERNAL,
                                "The server failed to handle the request")));
    }

    private void respond(ResponseWriter writer) {
        if (responded.getAndSet(true)) {
            return;
        }
        try {
            writer.write((HttpServletResponse) async.getResponse());
        } catch (IOException disconnected) {
            System.getLogger("dev.hubbub")
                    .log(
                            System.Logger.Level.DEBUG,
                            "A response could not be written",
                            PrintableFailure.of(disconnected));
        } finally {
            async.complete();
        }
    }
}
