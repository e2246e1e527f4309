package org.layerwise.study;

import java.util.Locale;
import java.util.Optional;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what bfloat16 would gain and cost, after a long computation in float32 whose type the user left open. Both types
 * represent the first rows once more: the times and the rankings of the layers are those of this model and these rows.
 */
public record SixteenBitOffer(Workbench workbench, OpenModel model, AnalysisSettings settings) {

    private static final Logger LOG = LoggerFactory.getLogger(SixteenBitOffer.class);

    /** Time in seconds from which a computation is long; below, the comparison would take longer than the gain. */
    static final double LONG = 60;

    /**
     * Compares bfloat16 with float32 on a processor that has units for it.
     *
     * @param processor processor that computed
     * @param seconds time that the representation of all rows took in float32
     * @return one sentence or two; empty if the user chose a type, the computation was short, the processor lacks the units,
     *     the rows have images, the first measure does not compare representations, the model cannot be opened again, or
     *     both types do not fit in memory together
     */
    public Optional<String> after(
            double seconds, Processor processor, TokenizedDataset tokens, Position position, Progress progress) {
        boolean open = model.settings().type() == ComputeType.AUTO
                && model.computeType() == DType.F32
                && model.computeDevice().kind() == Device.Kind.CPU;
        boolean compares = settings.measures().get(0).fromRepresentations();
        return open && compares && seconds >= LONG && tokens.images() == null && processor.multipliesBf16()
                ? compare(PrecisionStep.first(model, tokens), position, progress)
                : Optional.empty();
    }

    private Optional<String> compare(TokenizedDataset first, Position position, Progress progress) {
        if (model.whole().isEmpty()) {
            return Optional.empty();
        }
        ModelSettings narrow = model.settings()
                .withModel(model.reference())
                .withType(ComputeType.BF16)
                .withLoading(Loading.AUTO);
        try (OpenModel sixteen = workbench.openModel(narrow, new PauseSwitch(), progress.part(0, 0.2))) {
            if (sixteen.whole().isEmpty()) {
                return Optional.empty();
            }
            sixteen.represent(first, position, progress.part(0.2, 0.4)); // the first pass of a model is slower
            Timed inSixteen = timed(sixteen, first, position, progress.part(0.4, 0.6));
            Timed inFloat = timed(model, first, position, progress.part(0.6, 0.9));
            String cost = new PrecisionStep(workbench, sixteen, settings, null)
                    .difference(
                            first.size(),
                            inSixteen.representations(),
                            inFloat.representations(),
                            progress.part(0.9, 1));
            return Optional.of(String.format(
                    Locale.ROOT,
                    "--dtype bf16 would take %.2f times as long on this processor (%d rows: %.2f s instead of %.2f). %s",
                    inSixteen.seconds() / inFloat.seconds(),
                    first.size(),
                    inSixteen.seconds(),
                    inFloat.seconds(),
                    cost));
        } catch (UserException e) {
            LOG.info("bfloat16 is not compared", e); // nobody asked for it: the analysis stands without
            return Optional.empty();
        }
    }

    private record Timed(Representations representations, double seconds) {}

    private static Timed timed(OpenModel model, TokenizedDataset rows, Position position, Progress progress) {
        long begin = System.nanoTime();
        Representations representations = model.represent(rows, position, progress);
        return new Timed(representations, (System.nanoTime() - begin) / 1e9);
    }
}
