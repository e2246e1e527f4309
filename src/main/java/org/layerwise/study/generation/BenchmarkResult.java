package org.layerwise.study.generation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.generation.answer.Found;
import org.layerwise.generation.answer.Proportion;

/** What came of a model's answers to a benchmark. */
public sealed interface BenchmarkResult {

    Benchmark benchmark();

    /** How many questions were asked. */
    int samples();

    /** Questions that were longer than the limit. */
    int cutRows();

    /** Answers that ended because they had all the tokens that they may have. */
    int atLimit();

    /**
     * Answers that were compared.
     *
     * @param correct how many are right, of all questions
     * @param unanswered texts in which no answer was found
     * @param found right ones by how they were found, where any were
     * @param groups right ones by the label column's values; empty where none was named
     */
    record Compared(
            Benchmark benchmark,
            Proportion correct,
            int unanswered,
            Map<Found, Proportion> found,
            Map<String, Proportion> groups,
            int cutRows,
            int atLimit)
            implements BenchmarkResult {

        public Compared {
            found = Collections.unmodifiableMap(new LinkedHashMap<>(found));
            groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        }

        @Override
        public int samples() {
            return Math.toIntExact(correct.of());
        }
    }

    /**
     * Code that was written for a harness.
     *
     * @param withoutCode texts that hold none
     */
    record Written(Benchmark benchmark, int samples, int withoutCode, int cutRows, int atLimit)
            implements BenchmarkResult {}
}
