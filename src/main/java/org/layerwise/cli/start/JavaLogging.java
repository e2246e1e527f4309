package org.layerwise.cli.start;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redirects messages that libraries write to {@code java.util.logging} (as JavaFX does) from the console to the log
 * file.
 */
public final class JavaLogging extends Handler {

    private final SimpleFormatter formatter = new SimpleFormatter();

    private JavaLogging() {}

    public static void toLogFile() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").addHandler(new JavaLogging());
    }

    @Override
    public void publish(LogRecord entry) {
        String name = entry.getLoggerName();
        Logger log = LoggerFactory.getLogger(name == null ? "java.util.logging" : name);
        String message = formatter.formatMessage(entry);
        int level = entry.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            log.error(message, entry.getThrown());
        } else if (level >= Level.WARNING.intValue()) {
            log.warn(message, entry.getThrown());
        } else {
            log.debug(message, entry.getThrown());
        }
    }

    @Override
    public void flush() {
        // the log file flushes itself
    }

    @Override
    public void close() {
        // there are no resources to close
    }
}
