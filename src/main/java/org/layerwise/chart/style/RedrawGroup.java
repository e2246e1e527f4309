package org.layerwise.chart.style;

import org.jfree.chart.JFreeChart;

/** Groups changes of a chart so that it is redrawn once. Without this class every setter would redraw. */
public final class RedrawGroup {

    private RedrawGroup() {}

    public static void once(JFreeChart chart, Runnable change) {
        chart.setNotify(false);
        try {
            change.run();
        } finally {
            chart.setNotify(true);
        }
    }
}
