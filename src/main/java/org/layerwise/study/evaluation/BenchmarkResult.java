package org.layerwise.study.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.generation.answer.AnswerPattern;
import org.layerwise.generation.answer.CorrectShare;

/** Result of a model on a benchmark. */
public sealed interface BenchmarkResult {

    Benchmark benchmark();

    /** Returns the number of questions. */
    int samples();

    /** Returns the number of questions that were longer than the limit. */
    int cutRows();

    /** Returns the number of answers that ended because they reached the maximum number of tokens. */
    int atLimit();

    /**
     * Result of answers that were compared with the correct ones.
     *
     * @param benchmark benchmark of the questions
     * @param correct proportion of correct answers among all questions
     * @param unanswered number of texts in which no answer was found
     * @param found proportion of correct answers by the way in which they were found; contains only ways that occurred
     * @param groups proportion of correct answers by the label column's values; empty if no label column was named
     * @param cutRows number of questions that were longer than the limit
     * @param atLimit number of answers that reached the maximum number of tokens
     */
    record Compared(
            Benchmark benchmark,
            CorrectShare correct,
            int unanswered,
            Map<AnswerPattern, CorrectShare> found,
            Map<String, CorrectShare> groups,
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
     * Result of code that was written for a harness.
     *
     * @param benchmark benchmark of the questions
     * @param samples number of questions
     * @param withoutCode number of texts without code
     * @param cutRows number of questions that were longer than the limit
     * @param atLimit number of answers that reached the maximum number of tokens
     */
    record Written(Benchmark benchmark, int samples, int withoutCode, int cutRows, int atLimit)
            implements BenchmarkResult {}
}
