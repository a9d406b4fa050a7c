package dev.hubbub.http;

import dev.hubbub.EventException;
import dev.hubbub.container.Containers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A response that any thread writes without blocking (Jakarta Servlet 6.0, section 5.7). Only one write is in progress at a
 * time.
 *
 * <p>The response is used only with the lock, which the container's notification of its end takes as well. Containers reuse
 * their requests and responses, and a thread that is still inside a failed write would disturb the next client (Tomcat 10.1.59
 * reports the failure to it).
 */
public final class Output implements Responder, WriteListener, AsyncListener {
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Runnable whenEnded;

    // Guarded by this.
    private boolean ready;
    private byte[] bytes;
    private Consumer<Throwable> completion;
    private boolean failed;
    /** The response has ended, or will when the container has completed it. */
    private boolean ended;

    /**
     * Must be called by the thread that serves the request.
     *
     * @param async the context of the request, without a time-out
     * @param whenEnded called when the response has ended, for whatever reason; perhaps more than once
     */
    public Output(AsyncContext async, Runnable whenEnded) throws IOException {
        this.async = async;
        this.whenEnded = whenEnded;
        async.addListener(this);
        out = async.getResponse().getOutputStream();
        out.setWriteListener(this);
        if (Containers.omitsFirstCall(out)) {
            synchronized (this) {
                ready |= out.isReady();
            }
        }
    }

    /**
     * Starts to write. Must not be called again before {@code done} has been called.
     *
     * @param done called once, with null or the failure, perhaps before this method returns
     */
    void write(byte[] data, Consumer<Throwable> done) {
        boolean open;
        synchronized (this) {
            open = !ended && !failed;
            if (open) {
                bytes = data;
                completion = done;
            }
        }
        if (open) {
            writePending();
        } else {
            done.accept(new IOException("The response has ended"));
        }
    }

    /** Writes the whole response and ends it. */
    public void respond(byte[] data) {
        respond(HttpServletResponse.SC_OK, data, null);
    }

    @Override
    public void respond(int status, byte[] data, Consumer<Throwable> done) {
        synchronized (this) {
            if (!ended && status != HttpServletResponse.SC_OK) {
                ((HttpServletResponse) async.getResponse()).setStatus(status);
            }
        }
        respond(data, done);
    }

    /** Rejects the request, with the status that corresponds to the error's code. */
    void reject(EventException error) {
        synchronized (this) {
            if (!ended) {
                Responses.setErrorHead((HttpServletResponse) async.getResponse(), error);
            }
        }
        respond(Responses.errorBody(error));
    }

    private void respond(byte[] data, Consumer<Throwable> done) {
        synchronized (this) {
            if (!ended) {
                async.getResponse().setContentLength(data.length);
            }
        }
        write(data, failure -> {
            end();
            if (done != null) {
                done.accept(failure);
            }
        });
    }

    /** Ends the response. */
    void end() {
        synchronized (this) {
            if (!ended) {
                ended = true;
                async.complete();
            }
        }
    }

    /** Whether a write would start at once, without waiting for the client. */
    synchronized boolean isIdle() {
        return !ended && !failed && ready && completion == null;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            ready = true;
        }
        writePending();
    }

    private void writePending() {
        boolean done = false;
        Throwable failure = null;
        synchronized (this) {
            try {
                // When isReady() returns false, the container calls onWritePossible() later. When it returns true, this
                // thread may write once; Open Liberty enforces that.
                while (ready && completion != null && !done && !ended) {
                    ready = out.isReady();
                    if (ready && bytes != null) {
                        out.write(bytes);
                        bytes = null;
                    } else if (ready) {
                        out.flush();
                        done = true;
                    }
                }
            } catch (IOException | RuntimeException e) {
                failed = true;
                failure = e;
            }
        }
        if (done || failure != null) {
            finish(failure);
        }
    }

    private void finish(Throwable failure) {
        Consumer<Throwable> done;
        synchronized (this) {
            done = completion;
            completion = null;
            bytes = null;
        }
        if (done != null) {
            done.accept(failure);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    private void fail(Throwable failure) {
        synchronized (this) {
            failed = true;
        }
        finish(failure);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {
        responseEnded(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        responseEnded(null);
    }

    private void responseEnded(Throwable failure) {
        synchronized (this) {
            ended = true;
        }
        finish(failure == null ? new IOException("The response has ended") : failure);
        whenEnded.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
