package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.NonFiniteStates;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.MinibatchAccumulator;
import org.layerwise.analysis.similarity.MinibatchCka;
import org.layerwise.analysis.similarity.StreamedCka;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.file.DatasetChunks;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
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
 * Compares layers on more rows than fit into memory. Rows are read, tokenized and represented a few thousand at a time,
 * and only sums are kept. Linear CKA is exact, computed from cross-covariances. Minibatch CKA is computed by its
 * definition.
 *
 * @param adapter folder of the adapter in the adapted model; null for none
 */
record StreamStep(
        Workbench workbench, OpenModel model, DataSettings data, AnalysisSettings settings, @Nullable Path adapter) {

    /** Maximum number of rows that are analysed in memory; more rows are streamed if the measures allow it. */
    static final int MANY = 16_384;

    private static final Set<Measure> MEASURES = Set.of(LinearCka.MEASURE, MinibatchCka.MEASURE);
    private static final int ROWS = 2048;
    private static final long COVARIANCES = 2L << 30;

    /**
     * Returns true if an analysis can be streamed: it may have many rows, all measures can be computed from sums,
     * neither bootstrap nor permutations are requested, and the model's weights stay in memory between the parts.
     */
    static boolean suits(OpenModel model, DataSettings data, AnalysisSettings settings) {
        return mayBeMany(data)
                && MEASURES.containsAll(settings.measures())
                && settings.bootstrap() == 0
                && settings.permutations() == 0
                && !model.card().memory().byLayers()
                && (!settings.measures().contains(LinearCka.MEASURE)
                        || StreamedCka.possible(widths(model), COVARIANCES).isPresent());
    }

    /** Returns true if more than {@value #MANY} rows may be read. */
    static boolean mayBeMany(DataSettings data) {
        return asked(data) > MANY;
    }

    private static int asked(DataSettings data) {
        return data.samples() == null ? DataSettings.DEFAULT_SAMPLES : data.samples();
    }

    private static List<Integer> widths(OpenModel model) {
        return Collections.nCopies(model.card().layers() + 1, model.card().hiddenSize());
    }

    /**
     * Reads all rows in the order in which {@link #run} reads them.
     *
     * @param tokens receives the rows with their tokens
     * @return SHA-256 hash of the rows, 64 hexadecimal digits
     */
    String identify(RowsHash tokens, Progress progress) {
        DataHash hash = new DataHash();
        try (DatasetChunks chunks = workbench.chunks(data, LabelUse.IGNORE, Split.TRAIN, ROWS, progress.silent())) {
            while (chunks.hasNext()) {
                progress.check();
                Dataset rows = chunks.next();
                hash.add(rows);
                tokens.add(model.tokenizeSilently(rows, data, false, progress.silent()));
            }
        }
        return hash.hex();
    }

    /**
     * Computes the analysis.
     *
     * @param identity receives the rows with their tokens
     */
    MeasuredRows run(Position position, Optional<Transformer> adapted, RowsHash identity, Progress progress) {
        TensorEngine engine = workbench.engine();
        boolean linear = settings.measures().contains(LinearCka.MEASURE);
        MinibatchAccumulator minibatches = new MinibatchAccumulator(
                engine, model.computeDevice(), settings.options().minibatch());
        DataHash hash = new DataHash();
        List<String> remarks = new ArrayList<>();
        int samples = 0;
        int cut = 0;
        @Nullable ExpertLoad load = null;
        double seconds = 0;
        @Nullable Dataset first = null;
        @Nullable TokenizedDataset firstTokens = null;
        @Nullable NonFiniteStates broken = null;
        try (StreamedCka covariances =
                        linear ? StreamedCka.start(engine, model.computeDevice(), widths(model), COVARIANCES) : null;
                DatasetChunks chunks = workbench.chunks(data, LabelUse.IGNORE, Split.TRAIN, ROWS, progress.silent())) {
            while (chunks.hasNext()) {
                progress.check();
                Dataset rows = chunks.next();
                hash.add(rows);
                TokenizedDataset tokens = model.tokenize(rows, data, progress.silent());
                identity.add(tokens);
                cut += tokens.cutRows();
                Progress part = progress.part(fraction(samples), fraction(samples + rows.size()));
                long begin = System.nanoTime();
                Extraction extraction = model.represent(tokens, position, false, adapted, part);
                seconds += (System.nanoTime() - begin) / 1e9;
                Representations representations = extraction.representations();
                ExpertLoad more = extraction.expertLoad().orElse(null);
                load = load == null || more == null ? more : load.plus(more);
                if (first == null && model.computeType() != DType.F32) {
                    remarks.add(new PrecisionStep(workbench, model, settings, adapter)
                            .run(tokens, representations, position, progress.silent()));
                }
                firstTokens = first == null ? tokens : firstTokens;
                first = first == null ? rows : first;
                if (broken == null) {
                    broken = NonFiniteStates.of(representations).orElse(null);
                    if (broken != null) {
                        remarks.add(broken.remark(rows.name(), samples, settings.undefined()));
                    }
                }
                if (covariances != null) {
                    covariances.add(representations);
                }
                if (settings.measures().contains(MinibatchCka.MEASURE)) {
                    minibatches.add(representations);
                }
                samples += rows.size();
            }
            if (first == null || firstTokens == null) {
                throw new UserException("%s has no rows.".formatted(data.data()));
            }
            if (adapter == null) {
                new SixteenBitOffer(workbench, model, settings)
                        .after(seconds, Processor.HERE, firstTokens, position, progress.silent())
                        .ifPresent(remarks::add);
            }
            List<MeasureResult> results = new ArrayList<>();
            for (Measure measure : settings.measures()) {
                results.add(MeasureResult.of(
                        measure,
                        measure == LinearCka.MEASURE && covariances != null
                                ? covariances.result()
                                : minibatches.result()));
            }
            if (covariances != null && covariances.pairs() == StreamedCka.Pairs.CONSECUTIVE) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "Only consecutive layers are compared by linear CKA: for all pairs, %,d rows and %,d dimensions are too many.",
                        samples,
                        model.card().hiddenSize()));
            }
            if (settings.measures().contains(MinibatchCka.MEASURE)) {
                minibatches.note().ifPresent(remarks::add);
            }
            return new MeasuredRows(
                    first.name(), first.location(), samples, cut, results, null, hash.hex(), remarks, load);
        }
    }

    /** Returns the completed share of all rows, whose number may be unknown. */
    private double fraction(int done) {
        int asked = asked(data);
        return asked == DataSettings.ALL ? 1 - 1 / (1 + (double) done / MANY) : Math.min(1, (double) done / asked);
    }
}
