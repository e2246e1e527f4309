package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.NonFiniteStates;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.ablation.AblatedLosses;
import org.layerwise.analysis.adapter.AdapterEnergies;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.run.RowsHash;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.PrecisionStep;
import org.layerwise.study.SixteenBitOffer;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Processor;
import org.layerwise.tensor.TensorEngine;

/**
 * Analyses rows that fit in memory, with the representations after all layers: by every measure, with its uncertainty.
 *
 * @param adapter folder of the adapter in the adapted model; null for none
 * @param elsewhere computation of the representations on a cluster; null for this computer
 */
record InMemoryStep(
        Workbench workbench,
        OpenModel model,
        DataSettings data,
        AnalysisSettings settings,
        @Nullable Path adapter,
        @Nullable RepresentationSource elsewhere) {

    // maximum share of Java's memory for the representations
    private static final double MEMORY_SHARE = 0.6;

    /**
     * Computes the analysis.
     *
     * @param identity receives the rows with their tokens
     * @param partial receives the partly computed matrix of the first similarity measure
     */
    MeasuredRows run(
            Dataset rows,
            Position position,
            Optional<AdaptedModel> adapted,
            RowsHash identity,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        TensorEngine engine = workbench.engine();
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0, 0.05));
        requireRoom(tokens.size());
        List<String> remarks = new ArrayList<>();
        boolean similar = settings.measures().stream().anyMatch(Measure::isSimilarity);
        boolean gradient = settings.needsGradients();
        boolean ablated = settings.needs(Measure.Source.LOSS);
        TokenizedDataset learnt = settings.needsLabels() && learnsTokens(rows)
                ? model.tokenizeSilently(rows, data, true, progress.part(0.05, 0.05))
                : tokens;
        identity.add(learnt);
        boolean heard = settings.needs(Measure.Source.INPUTS);
        boolean adapters = settings.needs(Measure.Source.ADAPTER);
        boolean later = gradient || ablated || heard;
        boolean alone = !later && !adapters;
        double extracted = alone ? 0.8 : similar ? 0.4 : 0.05;
        double compared = alone ? 0.9 : similar ? 0.5 : 0.05;
        double changed = !adapters ? compared : later ? (compared + 0.9) / 2 : 0.9;
        double rest = 0.9 - changed;
        double differentiated = !gradient ? changed : ablated || heard ? changed + rest / 2 : 0.9;
        double leftOut = !ablated ? differentiated : heard ? (differentiated + 0.9) / 2 : 0.9;
        List<MeasureResult> results = new ArrayList<>();
        Extraction extraction = null;
        Grams grams = null;
        if (similar) {
            RepresentationSource represents = elsewhere != null
                    ? elsewhere
                    : (some, where, cosines, part) ->
                            model.represent(some, where, cosines, adapted.map(AdaptedModel::transformer), part);
            long begin = System.nanoTime();
            extraction = represents.of(
                    tokens,
                    position,
                    settings.measures().contains(TokenCosines.MEASURE),
                    progress.part(0.05, extracted));
            double seconds = (System.nanoTime() - begin) / 1e9;
            NonFiniteStates.of(extraction.representations())
                    .ifPresent(broken -> remarks.add(broken.remark(rows.name(), 0, settings.undefined())));
            SimilarityStep.Outcome outcome = new SimilarityStep(engine, model.computeDevice(), settings)
                    .run(extraction, progress.part(extracted, (extracted + compared) / 2), partial);
            results.addAll(outcome.results());
            grams = outcome.grams();
            remarks.addAll(outcome.remarks());
            DType type = represents.type(model.computeType());
            if (type != DType.F32 && elsewhere != null) {
                remarks.add(PrecisionStep.unmeasured("The representations on a cluster", type));
            } else if (type != DType.F32) {
                remarks.add(new PrecisionStep(workbench, model, settings, adapter)
                        .run(
                                tokens,
                                extraction.representations(),
                                position,
                                progress.part((extracted + compared) / 2, compared)));
            } else if (adapter == null && elsewhere == null) {
                new SixteenBitOffer(workbench, model, settings)
                        .after(
                                seconds,
                                Processor.HERE,
                                tokens,
                                position,
                                progress.part((extracted + compared) / 2, compared))
                        .ifPresent(remarks::add);
            }
        }
        AdapterEnergies energies = null;
        if (adapters) {
            AdapterStep.Outcome outcome = new AdapterStep(adapted.orElseThrow(), settings)
                    .run(Optional.of(tokens), progress.part(compared, changed));
            model.requireUnchanged();
            results.addAll(outcome.results());
            remarks.addAll(outcome.remarks());
            energies = outcome.energies();
        }
        GradientScores scores = null;
        if (gradient) {
            GradientStep.Outcome outcome = new GradientStep(engine, settings)
                    .run(
                            model.model(),
                            adapted,
                            learnt,
                            workbench.available(model.computeDevice()), // beside the loaded weights
                            progress.part(changed, differentiated));
            model.requireUnchanged();
            results.addAll(outcome.results());
            remarks.addAll(outcome.remarks());
            if (model.computeType() != DType.F32) {
                remarks.add(PrecisionStep.unmeasured("The gradients", model.computeType()));
            }
            scores = outcome.scores();
        }
        AblatedLosses losses = null;
        if (ablated) {
            AblationStep.Outcome outcome = new AblationStep(engine, settings)
                    .run(model.model(), adapted, learnt, position, progress.part(differentiated, leftOut));
            model.requireUnchanged();
            results.add(outcome.result());
            // that of an adapter may be there from the gradients
            outcome.remarks().stream()
                    .filter(remark -> !remarks.contains(remark))
                    .forEach(remarks::add);
            if (model.computeType() != DType.F32) {
                remarks.add(PrecisionStep.unmeasured("The losses", model.computeType()));
            }
            losses = outcome.losses();
        }
        if (heard) {
            results.add(new InputsStep(settings)
                    .run(
                            model.model(),
                            adapted,
                            tokens,
                            workbench.available(model.computeDevice()),
                            progress.part(leftOut, 0.9)));
            model.requireUnchanged();
            if (model.computeType() != DType.F32) {
                remarks.add(PrecisionStep.unmeasured("The explained variances", model.computeType()));
            }
        }
        double ranked = 0.9;
        if (settings.needs(Measure.Source.WEIGHTS)) {
            results.addAll(new WeightsStep(workbench, model, settings).run(progress.part(ranked, 0.95)));
            ranked = 0.95;
        }
        results = new UncertaintyStep(engine, model.computeDevice(), settings, remarks)
                .run(
                        inOrder(results),
                        new UncertaintyStep.Material(grams, extraction, scores, losses, energies),
                        progress.part(ranked, 1));
        if (tokens.cutRows() == tokens.size()) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "Every row was cut to %,d tokens, so nothing is seen of how the texts end; raise --max-length.",
                    data.maxLength()));
        }
        return new MeasuredRows(
                rows.name(),
                rows.location(),
                tokens.size(),
                tokens.cutRows(),
                results,
                grams,
                DataHash.of(rows),
                remarks,
                extraction == null ? null : extraction.expertLoad().orElse(null));
    }

    /** Returns true if losses are those of a language model, of rows with the labels that a training on them has. */
    static boolean learnsTokens(Dataset rows) {
        return !(rows.labels() instanceof Labels.Classes || rows.labels() instanceof Labels.Numbers);
    }

    /** Checks that the representations fit in Java's memory, since the program would end if it ran out of memory. */
    private void requireRoom(int rows) {
        long bytes = (long) rows * (model.card().layers() + 1) * model.card().hiddenSize() * Float.BYTES;
        long room = (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory());
        if (bytes > room) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "What all layers make of %,d rows takes %s, and %s is free for it; use fewer --samples, or"
                            + " --measure minibatch-cka, which keeps nothing a row.",
                    rows,
                    ByteSize.of(bytes),
                    ByteSize.of(room)));
        }
    }

    private List<MeasureResult> inOrder(List<MeasureResult> results) {
        return settings.measures().stream()
                .flatMap(measure -> results.stream().filter(result -> result.measure() == measure))
                .toList();
    }
}
