package dev.hubbub.http;

import dev.hubbub.EventException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A request's body, read without a thread that waits for it (Jakarta Servlet 6.0, section 3.7), up to a limit and within
 * a time.
 */
public final class Body implements ReadListener {
    /** As Tomcat gives a request's head. */
    private static final long PATIENCE_MILLIS = 20_000;

    /**
     * Bytes beyond the limit that are read all the same: who is refused while it still sends finds the connection broken, and not
     * the answer (RFC 9112, section 9.6).
     */
    private static final int DROPPED = 2 * 1024 * 1024;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;
    private final long mostRead;
    private final long announced;
    private final Reader reader;
    private final Runnable atEnd;
    private long length;
    private volatile boolean done;

    /** Takes the body, and says what is to be answered. */
    public interface Reader {
        Answer read(byte[] body);
    }

    /** Is written when all is done: servers send an answer whose length is reached at once, and the next request may follow. */
    public interface Answer {
        void write(HttpServletResponse response) throws IOException;
    }

    private Body(AsyncContext async, HttpServletRequest request, int limit, Reader reader, Runnable atEnd)
            throws IOException {
        this.async = async;
        in = request.getInputStream();
        announced = request.getContentLengthLong();
        this.limit = limit;
        mostRead = (long) limit + DROPPED;
        this.reader = reader;
        this.atEnd = atEnd;
    }

    /**
     * Answers 413 to what is longer than the limit, in bytes, and 408 to what takes too long; what is a little longer is read to
     * its end and dropped before.
     */
    public static void read(HttpServletRequest request, int limit, Reader reader) throws IOException {
        read(request, limit, reader, () -> {});
    }

    /** @param atEnd called when the body has been taken, or will not be; before it is answered */
    public static void read(HttpServletRequest request, int limit, Reader reader, Runnable atEnd) throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(PATIENCE_MILLIS);
        Body body = new Body(async, request, limit, reader, atEnd);
        async.addListener(new AsyncListener() {
            @Override
            public void onTimeout(AsyncEvent event) {
                body.refuse(refusal(
                        HttpServletResponse.SC_REQUEST_TIMEOUT, EventException.MALFORMED, "It does not come in time"));
            }

            @Override
            public void onComplete(AsyncEvent event) {}

            @Override
            public void onError(AsyncEvent event) {}

            @Override
            public void onStartAsync(AsyncEvent event) {}
        });
        if (body.announced > body.mostRead) {
            body.refuse(body.tooLong());
        } else {
            body.in.setReadListener(body);
            if (Requests.waitsForFirst(body.in)) {
                body.onDataAvailable();
            }
        }
    }

    /** At the announced end nothing more is asked for: Payara would tell of it when the request is over, and log a failure. */
    @Override
    public void onDataAvailable() throws IOException {
        byte[] part = new byte[4096];
        while (!done && in.isReady()) { // and not isFinished(): Grizzly says so of what has come and was not read
            int read = in.read(part);
            if (read < 0) {
                onAllDataRead();
                return;
            }
            length += read;
            if (length <= limit) {
                bytes.write(part, 0, read);
            } else if (length > mostRead) {
                refuse(tooLong());
            }
            if (length == announced) {
                onAllDataRead();
            }
        }
    }

    @Override
    public void onAllDataRead() {
        if (length <= limit) {
            end(reader);
        } else {
            Answer tooLong = tooLong();
            end(dropped -> tooLong);
        }
    }

    @Override
    public void onError(Throwable failure) {
        refuse(refusal(HttpServletResponse.SC_BAD_REQUEST, EventException.MALFORMED, "It cannot be read"));
    }

    private Answer tooLong() {
        return refusal(
                HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                EventException.TOO_LARGE,
                "A request has at most " + limit + " bytes");
    }

    /** With a body, since GlassFish 7 forgets the status of an answer without one once a request is asynchronous. */
    private static Answer refusal(int status, String code, String message) {
        return response -> Requests.refuse(response, status, new EventException(code, message));
    }

    /** Before all of it has come. */
    private void refuse(Answer refusal) {
        end(part -> response -> {
            Requests.leaveUnread(response);
            refusal.write(response);
        });
    }

    private void end(Reader taker) {
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
        }
        try {
            Answer answer;
            try {
                answer = taker.read(bytes.toByteArray());
            } finally {
                atEnd.run();
            }
            answer.write((HttpServletResponse) async.getResponse());
        } catch (IOException gone) {
            System.getLogger("dev.hubbub").log(System.Logger.Level.DEBUG, "Answering a request", gone);
        } finally {
            async.complete();
        }
    }
}
