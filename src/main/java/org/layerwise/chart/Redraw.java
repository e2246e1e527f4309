package org.layerwise.chart;

import org.jfree.chart.JFreeChart;

/** Changes of a chart that are drawn once: every setter would redraw. */
final class Redraw {

    private Redraw() {}

    static void once(JFreeChart chart, Runnable change) {
        chart.setNotify(false);
        try {
            change.run();
        } finally {
            chart.setNotify(true);
        }
    }
}
