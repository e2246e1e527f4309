package org.layerwise.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.cli.console.TextTable;
import org.layerwise.generation.answer.CorrectShare;
import org.layerwise.study.evaluation.Benchmark;
import org.layerwise.study.evaluation.BenchmarkResult;

/** Formats the result of a benchmark as lines of text for people. */
public final class BenchmarkLines {

    private BenchmarkLines() {}

    /**
     * Returns the lines.
     *
     * @param predictions file that was written; null for none
     */
    public static List<String> of(BenchmarkResult result, @Nullable Path predictions) {
        List<String> lines = new ArrayList<>();
        if (result instanceof BenchmarkResult.Compared compared) {
            lines.add("%s: %s".formatted(result.benchmark().title(), share(compared.correct())));
            if (compared.unanswered() > 0) {
                lines.add("%s without an answer.".formatted(compared.unanswered()));
            }
            TextTable table = TextTable.of("Answers", ">Right", ">All");
            compared.found()
                    .forEach((by, share) -> table.row(
                            "found by " + by.id().replace('_', ' '),
                            String.valueOf(share.count()),
                            String.valueOf(share.of())));
            compared.groups()
                    .forEach((name, share) ->
                            table.row(name, String.valueOf(share.count()), String.valueOf(share.of())));
            lines.addAll(table.lines());
        } else if (result instanceof BenchmarkResult.Written written) {
            lines.add("%s: wrote code for %s of %s problems."
                    .formatted(
                            result.benchmark().title(), written.samples() - written.withoutCode(), written.samples()));
            lines.add("Judge it with: " + harness(result.benchmark(), String.valueOf(predictions)));
        }
        if (result.atLimit() > 0) {
            lines.add("%s ended at the limit of tokens; --max-new-tokens raises it.".formatted(result.atLimit()));
        }
        return lines;
    }

    private static String share(CorrectShare share) {
        return String.format(
                Locale.ROOT,
                "%.2f %% right (%d of %d; 95 %% interval %.2f to %.2f %%)",
                100 * share.value(),
                share.count(),
                share.of(),
                100 * share.low(),
                100 * share.high());
    }

    private static String harness(Benchmark benchmark, String file) {
        return benchmark == Benchmark.HUMAN_EVAL
                ? "evaluate_functional_correctness %s (OpenAI human-eval), or evalplus.evaluate --dataset humaneval --samples %s"
                        .formatted(file, file)
                : "evalplus.evaluate --dataset mbpp --samples %s (EvalPlus)".formatted(file);
    }
}
