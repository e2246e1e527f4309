package org.layerwise.chart.style;

import java.awt.Color;
import java.util.List;

/** Colours of charts: the tokens of GitHub Primer, as in the window's stylesheets. */
public enum ChartTheme {
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

    ChartTheme(Tokens tokens, List<String> runs) {
        this.tokens = tokens;
        this.runs = runs;
    }

    /** Returns the background colour of the chart. */
    public Color canvas() {
        return Color.decode(tokens.canvas);
    }

    /** Returns the colour of cells without a value yet. */
    public Color subtle() {
        return Color.decode(tokens.subtle);
    }

    /** Returns the background colour of the row or column under the mouse. */
    public Color hover() {
        return Color.decode(tokens.hover);
    }

    /** Returns the colour of titles and names. */
    public Color text() {
        return Color.decode(tokens.text);
    }

    /** Returns the colour of axis numbers and of names that are not selected. */
    public Color muted() {
        return Color.decode(tokens.muted);
    }

    public Color grid() {
        return Color.decode(tokens.grid);
    }

    /** Returns the colour of selected layers. */
    public Color accent() {
        return Color.decode(tokens.accent);
    }

    /** Returns the colour of layers that are not selected. */
    public Color neutral() {
        return Color.decode(tokens.neutral);
    }

    /** Returns the background colour of hatched areas, which mark undefined values. */
    public Color undefined() {
        return Color.decode(tokens.undefined);
    }

    /** Returns the middle colour of a diverging map: close to the background, but different from it. */
    Color between() {
        return this == LIGHT ? Color.decode("#f2f2f2") : Color.decode("#22262c");
    }

    /** Returns the colour of hatching lines. */
    public Color hatch() {
        return Color.decode(tokens.hatch);
    }

    /** Returns the colour of the n-th of several curves. The colours repeat after the last one. */
    public Color run(int index) {
        return Color.decode(runs.get(index % runs.size()));
    }
}
