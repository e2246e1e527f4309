package org.layerwise.bench;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks and prints ratios of medians: single times say more about the machine than about the program. */
public final class Ratios {

    private Ratios() {}

    public static void main(String[] arguments) throws RunnerException {
        Collection<RunResult> results = new Runner(
                        new OptionsBuilder().include(Speed.class.getName()).build())
                .run();
        Map<String, Double> milliseconds = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceAll(".*\\.", "");
            milliseconds.put(name, result.getPrimaryResult().getStatistics().getPercentile(50));
        }
        double limit = Speed.MATMUL_FLOP / milliseconds.get("matmul");
        double forward = Speed.FORWARD_FLOP / milliseconds.get("forward");
        System.out.printf("forward pass, linear maps alone / matmul rate: %.2f%n", forward / limit);
        System.out.printf(
                "CKA of all pairs, the reference's way / ours: %.1f%n",
                milliseconds.get("allPairsAsTheReference") / milliseconds.get("allPairsOurs"));
    }
}
