package org.layerwise.cli.console;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * Progress bar of one terminal line: task, bar, per cent, elapsed time and current activity, cut or padded to the
 * width.
 */
final class BarLine implements ProgressBarRenderer {

    private static final int MOST_CELLS = 24;
    private static final int LEAST_CELLS = 10;

    private final String full;
    private final String empty;
    private final String gap;

    BarLine(boolean unicode) {
        full = unicode ? "█" : "#";
        empty = unicode ? "░" : ".";
        gap = unicode ? "…" : "..";
    }

    @Override
    public String render(ProgressState state, int width) {
        return line(
                state.getTaskName(),
                state.getNormalizedProgress(),
                state.getElapsedAfterStart(),
                state.getExtraMessage(),
                width);
    }

    String line(String task, double fraction, Duration elapsed, String message, int width) {
        String numbers = String.format(
                Locale.ROOT,
                " %3d %%  %d:%02d  ",
                Math.round(fraction * 100),
                elapsed.toMinutes(),
                elapsed.toSecondsPart());
        String said = message.strip();
        int room = width - task.length() - 1 - numbers.length();
        int cells = Math.max(LEAST_CELLS, Math.min(MOST_CELLS, room - said.length()));
        int filled = (int) Math.round(Math.max(0, Math.min(fraction, 1)) * cells);
        String text = task + " " + full.repeat(filled) + empty.repeat(cells - filled) + numbers
                + fitted(said, Math.max(0, room - cells));
        return text.length() > width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }

    /** Shortens a message by removing its middle: it begins with the activity and ends with the remaining work. */
    private String fitted(String said, int most) {
        if (said.length() <= most || most < 2 * gap.length()) {
            return said;
        }
        int kept = most - gap.length();
        return said.substring(0, kept - kept * 2 / 3) + gap + said.substring(said.length() - kept * 2 / 3);
    }
}
