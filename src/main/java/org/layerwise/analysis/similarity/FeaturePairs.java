package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Compares all pairs by linear CKA from features: {@code <X X^T, Y Y^T> = ||X^T Y||_F^2}, in O(n d + d^2) memory on the
 * device.
 */
record FeaturePairs(TensorEngine engine, Measure measure) {

    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        int states = representations.layers().size();
        double[][] inner = new double[states][states];
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        SimilarityCells.Cell cells =
                SimilarityCells.unless(reasons::get, reasons::get, (i, j) -> SimilarityCells.cosine(inner, i, j));
        for (int i = 0; i < states; i++) {
            progress.report((double) i * i / states / states, comparing(i, states));
            try (Scope scope = engine.inference()) {
                GramComputation.Centred x = centred(representations, i, device);
                reasons.add(reason(x, i, representations));
                for (int j = 0; j <= i && reasons.get(i) == null; j++) {
                    progress.check();
                    if (reasons.get(j) == null) {
                        inner[i][j] = product(x.values(), representations, j, device);
                        inner[j][i] = inner[i][j];
                    }
                }
            }
            partial.accept(SimilarityCells.partial(states, i + 1, cells));
        }
        progress.report(1, "Compared all hidden states");
        return SimilarityCells.partial(states, states, cells);
    }

    SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        int rows = first.layers().size();
        int columns = second.layers().size();
        Own right = own(second, device, progress.part(0, 0.1));
        double[][] inner = new double[rows][columns];
        double[] own = new double[rows];
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            progress.report(0.1 + 0.9 * i / rows, comparing(i, rows));
            try (Scope scope = engine.inference()) {
                GramComputation.Centred x = centred(first, i, device);
                reasons.add(reason(x, i, first));
                own[i] = squaredNorm(x.values(), x.values());
                for (int j = 0; j < columns; j++) {
                    progress.check();
                    inner[i][j] = product(x.values(), second, j, device);
                }
            }
        }
        progress.report(1, "Compared all hidden states");
        return SimilarityCells.matrix(
                rows,
                columns,
                SimilarityCells.unless(
                        reasons::get,
                        right.reasons::get,
                        (i, j) -> SimilarityCells.value(
                                inner[i][j] / (Math.sqrt(own[i]) * Math.sqrt(right.products[j])))));
    }

    private record Own(double[] products, List<Similarity.@Nullable Undefined> reasons) {}

    private Own own(Representations representations, Device device, Progress progress) {
        double[] products = new double[representations.layers().size()];
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (int i = 0; i < products.length; i++) {
            progress.check();
            progress.report((double) i / products.length, comparing(i, products.length));
            try (Scope scope = engine.inference()) {
                GramComputation.Centred x = centred(representations, i, device);
                reasons.add(reason(x, i, representations));
                products[i] = squaredNorm(x.values(), x.values());
            }
        }
        return new Own(products, reasons);
    }

    private double product(Tensor x, Representations representations, int other, Device device) {
        try (Scope scope = engine.scope()) {
            return squaredNorm(x, centred(representations, other, device).values());
        }
    }

    private double squaredNorm(Tensor x, Tensor y) {
        try (Scope scope = engine.scope()) {
            return x.transpose().matmul(y).square().sum().item();
        }
    }

    private GramComputation.Centred centred(Representations representations, int state, Device device) {
        return GramComputation.Centred.of(engine, representations.layers().get(state), device);
    }

    private Similarity.@Nullable Undefined reason(
            GramComputation.Centred centred, int state, Representations representations) {
        String lacking = centred.lacking(state, representations.position());
        return lacking == null ? null : MeasureMessages.undefined(lacking, measure);
    }

    private static String comparing(int state, int states) {
        return "Comparing hidden state %s of %s".formatted(state, states - 1);
    }
}
