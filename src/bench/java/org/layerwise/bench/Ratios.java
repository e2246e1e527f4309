package org.layerwise.bench;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks and prints ratios of the shortest times: single times say more about the
 * machine than about the program, and what else runs on it only adds. */
public final class Ratios {

    private Ratios() {}

    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\.Speed\\.")
                        .include("\\.CkaSpeed\\.")
                        .include("\\.AnalysisSpeed\\.")
                        .build())
                .run();
        Map<String, Double> milliseconds = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceAll(".*\\.", "");
            milliseconds.put(name, result.getPrimaryResult().getStatistics().getMin());
        }
        double limit = Speed.MATMUL_FLOP / milliseconds.get("matmul");
        printForward("forward", Speed.WIDTH, milliseconds, limit);
        printForward("forwardWide", Speed.WIDER, milliseconds, limit);
        System.out.printf(
                "CKA of all pairs, the reference's way / ours: %.1f%n",
                milliseconds.get("allPairsAsTheReference") / milliseconds.get("allPairsOurs"));
        double pair = milliseconds.get("pairAsTheReference");
        double ours = milliseconds.get("allPairs");
        System.out.printf(
                "CKA of all %d pairs, n 512, d 4096, the reference's way (one pair timed: %.0f ms) / ours (%.0f ms): %.0f%n",
                CkaSpeed.STATES * CkaSpeed.STATES, pair, ours, pair * CkaSpeed.STATES * CkaSpeed.STATES / ours);
        System.out.printf(
                "the same, ours / the reference's %d neighbouring pairs: %.2f%n",
                CkaSpeed.STATES - 1, ours / (pair * (CkaSpeed.STATES - 1)));
        printAnalysis("sentences, padded to 512 / ours", "sentencesPadded", "sentencesOurs", milliseconds);
        printAnalysis("sentences, float32 / bfloat16", "sentencesOurs", "sentencesBf16", milliseconds);
        printAnalysis("paragraphs, float32 / bfloat16", "paragraphsOurs", "paragraphsBf16", milliseconds);
        printAnalysis("paragraphs, longest of 8 / ours", "paragraphsLongestOf8", "paragraphsOurs", milliseconds);
        printAnalysis("paragraphs, longest of 32 / ours", "paragraphsLongestOf32", "paragraphsOurs", milliseconds);
        System.out.printf(
                "largest difference of a number in representations, padded to 512 and ours: %.1e%n",
                new AnalysisSpeed().differenceOfPadding());
        TrainingSpeed.report();
    }

    private static void printAnalysis(String what, String other, String ours, Map<String, Double> milliseconds) {
        System.out.printf("analysis of %s: %.2f%n", what, milliseconds.get(other) / milliseconds.get(ours));
    }

    private static void printForward(String name, int width, Map<String, Double> milliseconds, double limit) {
        System.out.printf(
                "forward pass, width %d: %.2f of the matmul rate by its linear maps, %.2f with the attention's products%n",
                width,
                Speed.linearFlop(width) / milliseconds.get(name) / limit,
                Speed.allFlop(width) / milliseconds.get(name) / limit);
    }
}
