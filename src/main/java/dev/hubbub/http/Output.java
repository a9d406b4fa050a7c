package dev.hubbub.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A response that is written without blocking, by whichever thread has something to write (Jakarta Servlet 6.0, section
 * 5.7). One write at a time.
 *
 * <p>All that touches the response happens with the lock, also the container's call that it has ended: containers use
 * their requests and responses again, and a thread that is still in the midst of a failed write would hurt the next client
 * (Tomcat 10.1.59 gives it the failure of this one).
 */
public final class Output implements WriteListener, AsyncListener {
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Runnable atEnd;

    // Guarded by this.
    private boolean ready;
    private byte[] bytes;
    private Consumer<Throwable> written;
    private boolean failed;
    private boolean over;

    /**
     * To be made by the thread that serves the request, whose asynchronous context has no time-out.
     *
     * @param atEnd called when the response has ended, however it did; perhaps more than once
     */
    public Output(AsyncContext async, Runnable atEnd) throws IOException {
        this.async = async;
        this.atEnd = atEnd;
        async.addListener(this);
        out = async.getResponse().getOutputStream();
        out.setWriteListener(this);
        if (Requests.waitsForFirst(out)) {
            synchronized (this) {
                ready |= out.isReady();
            }
        }
    }

    /** @param done told once, with null or what went wrong, perhaps before this method returns */
    void write(byte[] data, Consumer<Throwable> done) {
        boolean open;
        synchronized (this) {
            open = !over && !failed;
            if (open) {
                bytes = data;
                written = done;
            }
        }
        if (open) {
            go();
        } else {
            done.accept(new IOException("The response has ended"));
        }
    }

    /** Writes all there is to write, and ends. */
    public void answer(byte[] data) {
        answer(data, failure -> {});
    }

    /** Answers with another status than 200. */
    public void answer(int status, byte[] data) {
        synchronized (this) {
            if (!over) {
                ((HttpServletResponse) async.getResponse()).setStatus(status);
            }
        }
        answer(data);
    }

    /** @param done as for {@link #write} */
    public void answer(byte[] data, Consumer<Throwable> done) {
        synchronized (this) {
            if (!over) {
                async.getResponse().setContentLength(data.length);
            }
        }
        write(data, failure -> {
            end();
            done.accept(failure);
        });
    }

    /** Ends the response. */
    void end() {
        synchronized (this) {
            if (!over) {
                over = true;
                async.complete();
            }
        }
    }

    /** Whether something could be written now. */
    synchronized boolean isIdle() {
        return !over && !failed && ready && written == null;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            ready = true;
        }
        go();
    }

    private void go() {
        boolean done = false;
        Throwable failure = null;
        synchronized (this) {
            try {
                // Once it says no, the container calls when it is; where it says yes, one write on this thread is
                // allowed: Open Liberty holds one to that.
                while (ready && written != null && !done && !over) {
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
        Consumer<Throwable> told;
        synchronized (this) {
            told = written;
            written = null;
            bytes = null;
        }
        if (told != null) {
            told.accept(failure);
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
        ended(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        ended(null);
    }

    private void ended(Throwable failure) {
        synchronized (this) {
            over = true;
        }
        finish(failure == null ? new IOException("The response has ended") : failure);
        atEnd.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
