package org.layerwise.analysis.similarity;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Minibatch CKA (Nguyen, Raghu, Kornblith, arXiv 2010.15327, equation 2): the unbiased HSIC of linear kernels (see
 * {@link DebiasedCka}) averaged over minibatches of examples, each of the three terms before the quotient is taken. It
 * is for numbers of examples whose Grams do not fit into memory. Minibatches are taken in the data's order: data that
 * is sorted, for example by label, should be shuffled first. With one minibatch the measure equals debiased linear CKA.
 */
public final class MinibatchCka implements SimilarityMeasure {

    private static final Citation PAPER = new Citation(
            "Nguyen et al., 2021",
            "T. Nguyen, M. Raghu and S. Kornblith. Do Wide and Deep Networks Learn the Same Things? Uncovering How Neural"
                    + " Network Representations Vary with Width and Depth. ICLR 2021. arXiv:2010.15327.");

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "minibatch-cka", (options, engine) -> new MinibatchCka(engine, options.minibatch()))
            .title("minibatch linear CKA")
            .shortName("minibatch CKA")
            .description("For more rows than fit in memory at once.")
            .citing(PAPER)
            .methods(options -> " in minibatches of %s examples".formatted(options.minibatch()))
            .withoutInterval(
                    "Minibatch CKA has no interval, since it keeps no similarities of all pairs of examples; use debiased CKA with as many examples as fit.")
            .cka()
            .build();

    private final TensorEngine engine;
    private final int size;

    /**
     * Creates the measure.
     *
     * @param size number of examples per minibatch
     * @throws UserException if the size is below {@value MinibatchAccumulator#FEWEST_SAMPLES}
     */
    public MinibatchCka(TensorEngine engine, int size) {
        this.engine = engine;
        this.size = size;
        accumulator(Device.CPU); // refuses a size below the minimum
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    @Override
    public int fewestSamples() {
        return MinibatchAccumulator.FEWEST_SAMPLES;
    }

    /** Creates an accumulator for examples that arrive in chunks. */
    public MinibatchAccumulator accumulator(Device device) {
        return new MinibatchAccumulator(engine, device, size);
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        SimilarityMatrix matrix = added(representations, device, progress).result();
        partial.accept(matrix);
        return matrix;
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        List<Matrix> both =
                Stream.of(first, second).flatMap(side -> side.layers().stream()).toList();
        int rows = first.layers().size();
        return added(new Representations(first.position(), both), device, progress)
                .result(new MinibatchSums.Span(0, rows), new MinibatchSums.Span(rows, both.size()));
    }

    private MinibatchAccumulator added(Representations representations, Device device, Progress progress) {
        MinibatchAccumulator accumulator = accumulator(device);
        int n = representations.samples();
        for (int begin = 0; begin < n; begin += size) {
            progress.check();
            progress.report((double) begin / n, "Comparing examples %s of %s".formatted(begin, n));
            accumulator.add(ExampleSelection.of(representations, begin, Math.min(n, begin + size)));
        }
        progress.report(1, accumulator.note().orElse("Compared all hidden states"));
        return accumulator;
    }
}
