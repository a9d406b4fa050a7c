package dev.hubbub.standalone;

import dev.hubbub.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/** Writes each record of the log as one line of JSON, also if it has a stack trace. */
final class JsonLines extends Formatter {
    /** Has all handlers of the log write JSON. */
    static void install() {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.setFormatter(new JsonLines());
            try {
                handler.setEncoding(StandardCharsets.UTF_8.name());
            } catch (UnsupportedEncodingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public String format(LogRecord line) {
        StringBuilder json = new StringBuilder(200);
        json.append("{\"time\":");
        Json.quote(json, line.getInstant().toString());
        json.append(",\"level\":\"").append(level(line.getLevel())).append("\",\"logger\":");
        Json.quote(json, String.valueOf(line.getLoggerName()));
        json.append(",\"message\":");
        Json.quote(json, String.valueOf(formatMessage(line)));
        if (line.getThrown() != null) {
            StringWriter stack = new StringWriter();
            line.getThrown().printStackTrace(new PrintWriter(stack, true));
            json.append(",\"exception\":");
            Json.quote(json, stack.toString());
        }
        return json.append("}\n").toString();
    }

    /** The names of System.Logger, which other logging libraries use, too. */
    private static System.Logger.Level level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return System.Logger.Level.ERROR;
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return System.Logger.Level.WARNING;
        }
        return level.intValue() >= Level.INFO.intValue() ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
    }
}
