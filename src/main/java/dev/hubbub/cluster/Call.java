package dev.hubbub.cluster;

import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** A command for Redis, and what becomes of it. All methods but the constructor are called by the thread of {@link CommandLink}. */
abstract class Call {
    /** Set by the link: Redis may have it. */
    boolean written;

    /** What is sent; called each time before it is, since a retry may go to another server. */
    abstract CommandArguments arguments(String term);

    /** How many bytes it sends, roughly. */
    int size() {
        return 256;
    }

    /**
     * Whether it is sent again if it is unknown whether it arrived. Then the script that it runs must recognise that, or do no harm
     * by running twice.
     */
    boolean mayRepeat() {
        return true;
    }

    /** Whether it is taken also while Redis is away, to find out when it is back. */
    boolean isProbe() {
        return false;
    }

    /** It is about to be sent for the first time: from now on nobody can take it back. */
    void sending() {}

    /** It is going to be sent again, with all calls that were sent after it and have not succeeded. */
    void repeating() {}

    /** Whether the reply means that an earlier call has not arrived yet, so that this one has to be repeated after it. */
    boolean isOutOfOrder(Object reply) {
        return false;
    }

    abstract void replied(Object reply);

    /** @param failure of Redis, or {@code unavailable} */
    abstract void failed(RuntimeException failure);

    static CommandArguments script(Script script, int keys) {
        return new CommandArguments(Command.EVALSHA).add(script.sha).add(keys);
    }

    /** A call whose failure does not matter. */
    static Call of(Supplier<CommandArguments> arguments, Consumer<Object> replied) {
        return new Call() {
            @Override
            CommandArguments arguments(String term) {
                return arguments.get();
            }

            @Override
            void replied(Object reply) {
                replied.accept(reply);
            }

            @Override
            void failed(RuntimeException failure) {}
        };
    }
}
