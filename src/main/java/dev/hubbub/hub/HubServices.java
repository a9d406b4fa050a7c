package dev.hubbub.hub;

/**
 * What the parts of a hub share: its executors and its counters. One for all namespaces of a process.
 *
 * @param callersMayBlock whether the threads that deliver a client's events belong to that client alone, as in servlet
 *     containers, and so may run handlers that block; in the standalone run they read the sockets of many clients
 */
public record HubServices(
        Scheduler scheduler,
        Writers writers,
        ReadLoops readers,
        Closers closers,
        ApplicationExecutor application,
        boolean callersMayBlock,
        Counters counters) {
    /** Never for the threads of {@link ReadLoops}. */
    @Override
    public boolean callersMayBlock() {
        return callersMayBlock && WritePass.current() == null;
    }

    /** @param measured see {@link HubConfig#measured()} */
    static HubServices start(HubConfig.Threads threads, boolean measured) {
        return new HubServices(
                threads.timer() == null ? new Scheduler(threads.factory()) : new Scheduler(threads.timer()),
                new Writers(threads.factory(), threads.writers()),
                new ReadLoops(threads.factory(), Runtime.getRuntime().availableProcessors()),
                new Closers(threads.factory()),
                threads.application() == null
                        ? new ApplicationExecutor(threads.factory())
                        : new ApplicationExecutor(threads.application()),
                threads.callersMayBlock(),
                new Counters(measured));
    }
}
