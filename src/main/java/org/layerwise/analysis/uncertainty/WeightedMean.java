package org.layerwise.analysis.uncertainty;

import java.util.Arrays;
import java.util.List;
import org.layerwise.base.Progress;

/** Weighted mean of the contributions of the examples. */
record WeightedMean(ExampleContributions contributions) implements LayerStatistic {

    @Override
    public int samples() {
        return contributions.samples();
    }

    @Override
    public int layers() {
        return contributions.layers().size();
    }

    @Override
    public Drawn importance(List<double[]> weights, Progress progress) {
        double[][] found = new double[layers()][weights.size()];
        List<double[]> counts = weights.stream().map(this::counts).toList();
        double[] scales = weights.stream().mapToDouble(this::scale).toArray();
        for (int layer = 0; layer < layers(); layer++) {
            double[] values = contributions.layers().get(layer);
            progress.report((double) layer / layers(), "Resampling the examples for layer %s".formatted(layer));
            if (values == null) {
                Arrays.fill(found[layer], Double.NaN);
                continue;
            }
            for (int draw = 0; draw < weights.size(); draw++) {
                progress.check();
                double mean = scales[draw]
                        * ArrayStatistics.dot(counts.get(draw), values)
                        / ArrayStatistics.sum(counts.get(draw));
                found[layer][draw] = contributions.similarity() ? 1 - mean : mean;
            }
        }
        return new Drawn(found, found);
    }

    /** Returns the squared mean number of tokens of all examples divided by that of a draw; 1 without tokens. */
    private double scale(double[] drawn) {
        double[] tokens = contributions.tokens();
        if (tokens == null) {
            return 1;
        }
        double all = ArrayStatistics.sum(tokens) / tokens.length;
        double own = ArrayStatistics.dot(drawn, tokens) / ArrayStatistics.sum(drawn);
        return all / own * (all / own);
    }

    /** Returns, for each example, the number of times it was drawn multiplied by its weight. */
    private double[] counts(double[] drawn) {
        double[] own = contributions.weights();
        if (own == null) {
            return drawn;
        }
        double[] counts = new double[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            counts[i] = drawn[i] * own[i];
        }
        return counts;
    }
}
