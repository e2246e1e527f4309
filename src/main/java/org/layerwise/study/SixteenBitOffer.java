package org.layerwise.study;

import java.util.Locale;
import java.util.Optional;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Processor;

/**
 * Tells what bfloat16 would gain and cost, after a long computation in float32 whose type the user left open. Both types
 * represent the first rows once more: the times and the rankings of the layers are those of this model and these rows.
 */
public record SixteenBitOffer(Workbench workbench, OpenModel model, AnalysisSettings settings) {

    /** Time in seconds from which a computation is long; below, the comparison would take longer than the gain. */
    static final double LONG = 60;

    /**
     * Compares bfloat16 with float32 on a processor that has units for it.
     *
     * @param processor processor that computed
     * @param seconds time that the representation of all rows took in float32
     * @return one sentence or two; empty if the user chose a type, the computation was short, the processor lacks the units,
     *     the rows have images, or both types do not fit in memory together
     */
    public Optional<String> after(
            double seconds, Processor processor, TokenizedDataset tokens, Position position, Progress progress) {
        boolean open = model.settings().type() == ComputeType.AUTO
                && model.computeType() == DType.F32
                && model.computeDevice().kind() == Device.Kind.CPU;
        return open && seconds >= LONG && tokens.images() == null && processor.multipliesBf16()
                ? compare(PrecisionStep.first(tokens), position, progress)
                : Optional.empty();
    }

    private Optional<String> compare(TokenizedDataset first, Position position, Progress progress) {
        if (model.whole().isEmpty()) {
            return Optional.empty();
        }
        try (OpenModel sixteen = workbench.openModel(
                model.settings().withType(ComputeType.BF16), new PauseSwitch(), progress.part(0, 0.2))) {
            if (sixteen.whole().isEmpty()) {
                return Optional.empty();
            }
            double wide = seconds(model, first, position, progress.part(0.2, 0.4));
            long begin = System.nanoTime();
            Representations narrow = sixteen.represent(first, position, progress.part(0.4, 0.6));
            double took = (System.nanoTime() - begin) / 1e9;
            String cost = new PrecisionStep(workbench, sixteen, settings, null)
                    .compare(model, first, narrow, position, progress.part(0.6, 1));
            return Optional.of(String.format(
                    Locale.ROOT,
                    "--dtype bf16 would take %.2g times as long on this processor (%d rows: %.2g s instead of %.2g). %s",
                    took / wide,
                    first.size(),
                    took,
                    wide,
                    cost));
        }
    }

    private static double seconds(OpenModel model, TokenizedDataset rows, Position position, Progress progress) {
        long begin = System.nanoTime();
        model.represent(rows, position, progress);
        return (System.nanoTime() - begin) / 1e9;
    }
}
