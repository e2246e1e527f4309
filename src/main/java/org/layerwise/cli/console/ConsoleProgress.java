package org.layerwise.cli.console;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
import org.layerwise.base.Secrets;

/**
 * Shows the progress of a command on the error stream: as a bar if a terminal can redraw it, otherwise as a line at the
 * beginning of each stage and from time to time.
 */
public final class ConsoleProgress implements Progress, AutoCloseable {

    private static final int STEPS = 1000;
    private static final long QUIET_NANOS = Duration.ofSeconds(15).toNanos();
    private static final int REDRAW_MILLIS = 200;

    private final Console console;
    private final Cancellation cancellation;
    private final LongSupplier clock;
    private final int width;
    private final @Nullable ProgressBar bar;
    private String stage = "";
    private long lastLine;
    private boolean closed;

    public ConsoleProgress(Console console, Cancellation cancellation, String task) {
        this(console, cancellation, task, System::nanoTime);
    }

    ConsoleProgress(Console console, Cancellation cancellation, String task, LongSupplier clock) {
        this.console = console;
        this.cancellation = cancellation;
        this.clock = clock;
        // the start script passes on the width of the terminal; writing to the last column may wrap the line
        this.width = columns(System.getenv("COLUMNS")) - 1;
        this.bar = console.terminal() ? bar(console, task, width) : null;
    }

    private static ProgressBar bar(Console console, String task, int width) {
        boolean unicode = System.getProperty(
                        "native.encoding", Charset.defaultCharset().name())
                .toUpperCase(Locale.ROOT)
                .startsWith("UTF");
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(STEPS)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(console.err(), width))
                .setRenderer(new BarLine(unicode))
                .build();
    }

    public static int columns(@Nullable String told) {
        return told != null && told.matches("[1-9][0-9]{1,3}") ? Math.max(40, Integer.parseInt(told)) : 80;
    }

    @Override
    public synchronized void report(double fraction, String said) {
        String message = printable(said);
        if (bar != null) {
            if (fraction >= 0) {
                bar.stepTo(Math.round(Math.min(fraction, 1) * STEPS));
            }
            bar.setExtraMessage(message);
            return;
        }
        // "step 3 of 60" and "step 4 of 60" are the same stage
        String now = message.replaceAll("[0-9.,:%]+", "#");
        long time = clock.getAsLong();
        if (now.equals(stage) && time - lastLine < QUIET_NANOS) {
            return;
        }
        stage = now;
        lastLine = time;
        console.err()
                .println(fraction < 0 ? message : String.format(Locale.ROOT, "%3.0f %%  %s", fraction * 100, message));
    }

    /**
     * Removes secrets and control characters. A message may quote a server, which may repeat the password or token that
     * was sent to it.
     */
    private static String printable(String said) {
        return PlainText.line(Secrets.hidden(said));
    }

    /** Prints a remark that stays on the screen. The bar is redrawn below the remark. */
    @Override
    public synchronized void note(String said) {
        String line = printable(said);
        if (bar == null || closed) {
            console.err().println(line);
        } else {
            // in one call, since another thread draws the bar
            console.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())) + System.lineSeparator());
            bar.refresh();
        }
    }

    /** Reports the number of rows that were truncated, if any. */
    public void noteCut(int rows) {
        if (rows > 0) {
            note(rows == 1 ? "1 row was too long and was cut." : rows + " rows were too long and were cut.");
        }
    }

    @Override
    public boolean cancelled() {
        return cancellation.requested();
    }

    @Override
    public synchronized void close() {
        if (bar != null && !closed) {
            closed = true; // closing the bar draws it once more
            bar.close();
        }
    }
}
