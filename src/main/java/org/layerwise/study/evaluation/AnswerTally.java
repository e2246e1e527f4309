package org.layerwise.study.evaluation;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.layerwise.generation.answer.AnswerPattern;
import org.layerwise.generation.answer.CorrectShare;
import org.layerwise.generation.answer.ExtractedAnswer;

/** Counts correct answers. */
final class AnswerTally {

    private static final class Count {
        private int right;
        private int all;

        void add(boolean correct) {
            right += correct ? 1 : 0;
            all++;
        }

        CorrectShare share() {
            return new CorrectShare(right, all);
        }
    }

    private final Count all = new Count();
    private final Map<AnswerPattern, Count> found = new EnumMap<>(AnswerPattern.class);
    private final Map<String, Count> groups = new TreeMap<>();
    private int unanswered;

    /**
     * Adds an answer.
     *
     * @param answer answer that was found in the generated text; empty if none was found
     * @param correct true if the answer is correct
     * @param group group of the row; null if rows have no groups
     */
    void add(Optional<ExtractedAnswer> answer, boolean correct, @Nullable String group) {
        all.add(correct);
        answer.ifPresentOrElse(
                one -> found.computeIfAbsent(one.found(), by -> new Count()).add(correct), () -> unanswered++);
        if (group != null) {
            groups.computeIfAbsent(group, name -> new Count()).add(correct);
        }
    }

    BenchmarkResult.Compared result(Benchmark benchmark, int cutRows, int atLimit) {
        return new BenchmarkResult.Compared(
                benchmark, all.share(), unanswered, proportions(found), proportions(groups), cutRows, atLimit);
    }

    private static <K> Map<K, CorrectShare> proportions(Map<K, Count> counts) {
        Map<K, CorrectShare> shares = new LinkedHashMap<>();
        counts.forEach((key, count) -> shares.put(key, count.share()));
        return shares;
    }
}
