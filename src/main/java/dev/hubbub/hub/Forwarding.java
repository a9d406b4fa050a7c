package dev.hubbub.hub;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Requests of sessions that consist of several requests. Their ids end in a dot and the name of their node. A request that reaches
 * another node is handed to that one, which answers it.
 */
public interface Forwarding {
    /** The name of this node. */
    String node();

    /**
     * The node that has a session.
     *
     * @param session its id, as a client has sent it; null is allowed
     * @return null if it cannot be another node than this one
     */
    String otherNode(String session);

    /** Requests of this kind that come from other nodes are handled by the service. */
    void serve(String kind, Service service);

    /**
     * Hands a request to the node of its session.
     *
     * @param node need not exist
     * @param limit how long to wait for the answer
     */
    Exchange forward(String node, Request request, Duration limit);

    /**
     * A request.
     *
     * @param body empty if it has none
     * @param repeatable whether it does no harm if it arrives twice
     */
    record Request(String kind, List<String> parameters, byte[] body, boolean repeatable) {}

    /** Handles requests that other nodes have handed over. */
    interface Service {
        /** Called by a thread that must not be blocked. */
        void serve(Request request, Reply reply);
    }

    /** Where the answer goes. */
    interface Reply {
        /**
         * Answers the request. Further calls do nothing.
         *
         * @param written told once, with null if the node that the client has reached has written the answer, otherwise with the
         *     reason; null if nobody wants to know
         */
        void answer(int status, byte[] body, Consumer<Throwable> written);

        /** Called, by a thread that may block, if the client disconnects before it is answered. */
        void whenEnded(Runnable ended);
    }

    /** A request that was handed over. */
    interface Exchange {
        /**
         * Completes by a thread that may write without blocking. Fails with a CancellationException if this node stops, so that the
         * client must ask another one, with a TimeoutException, or with an EventException: {@code disconnected} if there is no such
         * node any more, {@code unavailable}, or {@code overloaded} if too many requests wait.
         */
        CompletionStage<Answer> answer();

        /** Nobody waits for the answer any more. */
        void end();
    }

    /**
     * The answer.
     *
     * @param written must be told, once, whether the answer has been written
     */
    record Answer(int status, byte[] body, Consumer<Throwable> written) {}
}
