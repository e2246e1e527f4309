package org.layerwise.chart;

import java.awt.Color;
import java.util.List;

/** The colours of charts: GitHub Primer's tokens, as in the window's stylesheets. */
public enum Theme {
    LIGHT(
            new Tokens(
                    "#ffffff", "#f3f5f7", "#eaeef2", "#24292f", "#57606a", "#d0d7de", "#0969da", "#b6bfc8", "#e6eaee",
                    "#9aa4ae"),
            List.of("#0969da", "#bf5700", "#1a7f37", "#8250df", "#bf3989", "#57606a")),
    DARK(
            new Tokens(
                    "#0d1117", "#161b22", "#1c2128", "#c9d1d9", "#8b949e", "#30363d", "#58a6ff", "#484f58", "#21262d",
                    "#656d76"),
            List.of("#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#8b949e"));

    private record Tokens(
            String canvas,
            String subtle,
            String hover,
            String text,
            String muted,
            String grid,
            String accent,
            String neutral,
            String undefined,
            String hatch) {}

    private final Tokens tokens;
    private final List<String> runs;

    Theme(Tokens tokens, List<String> runs) {
        this.tokens = tokens;
        this.runs = runs;
    }

    /** Behind everything: the pane's background. */
    public Color canvas() {
        return Color.decode(tokens.canvas);
    }

    /** What is not there yet. */
    public Color subtle() {
        return Color.decode(tokens.subtle);
    }

    /** Behind what the mouse is over. */
    public Color hover() {
        return Color.decode(tokens.hover);
    }

    /** Titles and names. */
    public Color text() {
        return Color.decode(tokens.text);
    }

    /** Numbers along an axis, and names of what is not selected. */
    public Color muted() {
        return Color.decode(tokens.muted);
    }

    public Color grid() {
        return Color.decode(tokens.grid);
    }

    /** What is selected. */
    public Color accent() {
        return Color.decode(tokens.accent);
    }

    /** What is not selected. */
    public Color neutral() {
        return Color.decode(tokens.neutral);
    }

    /** What is undefined, below its hatching. */
    public Color undefined() {
        return Color.decode(tokens.undefined);
    }

    /** Between the two colours of signed values: what no difference looks like, close to the background but not it. */
    Color between() {
        return this == LIGHT ? Color.decode("#f2f2f2") : Color.decode("#22262c");
    }

    /** The lines of the hatching. */
    public Color hatch() {
        return Color.decode(tokens.hatch);
    }

    /** The colour of the n-th of several curves; after the last one they begin again. */
    public Color run(int index) {
        return Color.decode(runs.get(index % runs.size()));
    }
}
