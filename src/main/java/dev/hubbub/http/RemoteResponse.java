package dev.hubbub.http;

import dev.hubbub.hub.Forwarding;
import java.util.function.Consumer;

/** The response to a request that another node has handed over. That node writes it. */
public final class RemoteResponse implements Responder {
    private final Forwarding.Reply reply;

    /** @param whenEnded called if the client disconnects before the response */
    public RemoteResponse(Forwarding.Reply reply, Runnable whenEnded) {
        this.reply = reply;
        reply.whenEnded(whenEnded);
    }

    @Override
    public void respond(int status, byte[] data, Consumer<Throwable> done) {
        reply.answer(status, data, done);
    }

    @Override
    public boolean isRemote() {
        return true;
    }
}
