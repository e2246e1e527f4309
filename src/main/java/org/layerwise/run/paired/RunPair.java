package org.layerwise.run.paired;

import org.jspecify.annotations.Nullable;
import org.layerwise.run.Run;
import org.layerwise.run.uncertainty.PairedTest;

/**
 * Two runs with a common metric on rows of the same name.
 *
 * @param rows {@code validation} or {@code test}
 * @param metric name of the metric; empty if none was tested
 * @param test paired test; null if there is none
 * @param reason sentence that says why there is no test; empty if there is one
 */
public record RunPair(Run first, Run second, String rows, String metric, @Nullable PairedTest test, String reason) {

    static RunPair untested(Run first, Run second, String rows, String reason) {
        return new RunPair(first, second, rows, "", null, reason);
    }
}
