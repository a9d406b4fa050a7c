package dev.hubbub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Records the messages that Hubbub logs, until it is closed. */
public class RecordedLog extends Handler implements AutoCloseable {
    public final List<String> messages = new CopyOnWriteArrayList<>();
    public final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("dev.hubbub");
    private final Level level = logger.getLevel();

    /** @param lowest the level from which on messages are logged while this handler records */
    public RecordedLog(Level lowest) {
        logger.addHandler(this);
        logger.setLevel(lowest);
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
        messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(level);
    }
}
