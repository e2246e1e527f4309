package org.layerwise.study.paired;

import org.jspecify.annotations.Nullable;
import org.layerwise.study.Run;
import org.layerwise.study.uncertainty.PairedTest;

/**
 * Two runs with a metric that both have on rows of the same name.
 *
 * @param rows {@code validation} or {@code test}
 * @param metric its name; empty where none was tested
 * @param test null where there is none
 * @param reason for there being no test, a sentence; empty if there is one
 */
public record RunPair(Run first, Run second, String rows, String metric, @Nullable PairedTest test, String reason) {

    static RunPair untested(Run first, Run second, String rows, String reason) {
        return new RunPair(first, second, rows, "", null, reason);
    }
}
