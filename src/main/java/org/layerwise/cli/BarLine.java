package org.layerwise.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** One line of a terminal: task, bar, per cent, time so far, and what is being done, cut or padded to the width. */
final class BarLine implements ProgressBarRenderer {

    private static final int CELLS = 24;

    private final String full;
    private final String empty;

    BarLine(boolean unicode) {
        full = unicode ? "█" : "#";
        empty = unicode ? "░" : ".";
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
        int filled = (int) Math.round(Math.max(0, Math.min(fraction, 1)) * CELLS);
        String text = "%s %s%s %3d %%  %d:%02d  %s"
                .formatted(
                        task,
                        full.repeat(filled),
                        empty.repeat(CELLS - filled),
                        Math.round(fraction * 100),
                        elapsed.toMinutes(),
                        elapsed.toSecondsPart(),
                        message.strip());
        return text.length() > width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }
}
