package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.Progress;

class WeightedMeanTest {

    /** The gradients of a language model's examples are divided by the learnt tokens of the rows that are drawn. */
    @Test
    void aDrawIsDividedByItsOwnTokens() {
        int n = 20;
        Random random = new Random(5);
        double[] tokens = random.ints(n, 1, 60).asDoubleStream().toArray();
        double all = ArrayStatistics.sum(tokens);
        double[] squares =
                Arrays.stream(tokens).map(of -> of * random.nextDouble()).toArray();
        double[][] scores = Arrays.stream(squares)
                .mapToObj(square -> new double[] {square * (n / all) * (n / all)})
                .toArray(double[][]::new);
        LayerImportance importance = LayerImportance.ofScores(List.of(new Similarity.Value(1)));
        List<double[]> draws = new BootstrapDraws(n, 3).withReplacement(50);

        double[][] found = new WeightedMean(ExampleContributions.ofScores(scores, tokens, importance))
                .importance(draws, Progress.none())
                .measured();

        for (int draw = 0; draw < draws.size(); draw++) {
            double share = n / ArrayStatistics.dot(draws.get(draw), tokens);
            assertThat(found[0][draw])
                    .isCloseTo(share * share * ArrayStatistics.dot(draws.get(draw), squares) / n, within(1e-12));
        }
    }
}
