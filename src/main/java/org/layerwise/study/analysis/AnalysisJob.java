package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingDifference;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsHash;
import org.layerwise.run.RowsIdentity;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;

/**
 * Compares the layers of a model on some data: computes representations and gradients, the measures, and their
 * uncertainty.
 *
 * @param adapter folder of an adapter whose changes to the model are analysed; null for none
 * @param elsewhere computation of the representations on a cluster; null for this computer
 */
public record AnalysisJob(
        Workbench workbench,
        OpenModel model,
        DataSettings data,
        AnalysisSettings settings,
        @Nullable Path adapter,
        @Nullable RepresentationSource elsewhere) {

    /** Settings that decide the proposed layers; the seed draws a new head for gradients, and the
     * rows that a head for ablation is fitted to. */
    private static final List<Setting<?>> DECIDING = List.of(
            AnalysisSettings.POSITION,
            AnalysisSettings.MEASURES,
            AnalysisSettings.RBF_BANDWIDTH,
            AnalysisSettings.SVCCA_VARIANCE,
            AnalysisSettings.MINIBATCH,
            AnalysisSettings.ABLATION_FACTOR,
            AnalysisSettings.EVA_COMPONENTS,
            AnalysisSettings.RATIO,
            AnalysisSettings.UNDEFINED,
            AnalysisSettings.SEED);

    /**
     * Creates a job.
     *
     * @throws UserException if representations come from a cluster, and a measure needs more than representations, or there is an
     *     adapter, and a measure is of the weights in the model's files, or there is none, and a measure is of one
     */
    public AnalysisJob {
        AdapterStep.requireAdapter(settings, adapter);
        if (elsewhere != null) {
            RepresentationsAnalysis.requireMeasures(settings);
        }
        if (adapter != null) {
            WeightsAnalysis.requireNone(settings);
        }
    }

    public AnalysisJob(Workbench workbench, OpenModel model, DataSettings data, AnalysisSettings settings) {
        this(workbench, model, data, settings, null);
    }

    /**
     * Creates a job for a model with or without an adapter.
     *
     * @param adapter folder of an adapter whose changes to the model are analysed; null for none
     */
    public AnalysisJob(
            Workbench workbench,
            OpenModel model,
            DataSettings data,
            AnalysisSettings settings,
            @Nullable Path adapter) {
        this(workbench, model, data, settings, adapter, null);
    }

    /** Starts to read the rows of an analysis whose model is still to be opened, or to load the library that reads many. */
    public static void beginReading(Workbench workbench, DataSettings data, AnalysisSettings settings) {
        if (StreamStep.mayBeMany(data)) {
            workbench.beginReading(data);
        } else {
            workbench.beginReading(data, labels(settings));
        }
    }

    /**
     * Returns this job with representations that are computed on a cluster.
     *
     * @throws UserException if a measure needs more than representations
     */
    public AnalysisJob on(RemoteRepresentationSource cluster) {
        return new AnalysisJob(workbench, model, data, settings, adapter, cluster.with(adapter));
    }

    /**
     * Submits the computation of the representations to a cluster. {@link #on} fetches the result later.
     *
     * @return the folder that identifies the job
     * @throws UserException for the reasons of {@link #on}, or if the cluster refuses the job
     */
    public Path handIn(RemoteRepresentationSource cluster, Progress progress) {
        on(cluster);
        Dataset rows = rows(data, Optional.empty(), progress.part(0, 0.1));
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.1, 0.2));
        return cluster.with(adapter).handIn(tokens, position(), progress.part(0.2, 1));
    }

    private Position position() {
        return settings.position() == null ? model.card().defaultPosition() : settings.position();
    }

    /**
     * Computes the analysis.
     *
     * @param partial receives the partly computed matrix of the first similarity measure, on the calling thread
     * @throws UserException if the data is broken or too small for a measure
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Analysis run(Progress progress, Consumer<SimilarityMatrix> partial) {
        if (adapter == null || elsewhere != null) {
            return run(Optional.empty(), progress, partial);
        }
        TransformerModel whole = model.model();
        try (AdaptedModel adapted = AdaptedModel.load(
                whole, PeftAdapter.read(adapter, workbench.engine(), progress), 0, progress.part(0, 0))) {
            adapted.remark().ifPresent(model::note);
            return run(Optional.of(adapted), progress, partial);
        }
    }

    private Analysis run(Optional<AdaptedModel> adapted, Progress progress, Consumer<SimilarityMatrix> partial) {
        boolean inMemory = elsewhere == null && model.whole().isPresent() && !model.isMapped();
        try (IdentityBeside identity = new IdentityBeside(model, inMemory)) {
            return run(adapted, identity, progress, partial);
        }
    }

    private Analysis run(
            Optional<AdaptedModel> adapted,
            IdentityBeside identity,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        long start = System.nanoTime();
        Position position = position();
        boolean mayBeMany = elsewhere == null && StreamStep.suits(model, data, settings);
        Dataset rows = rows(mayBeMany ? data.withSamples(StreamStep.MANY + 1) : data, adapted, progress.part(0, 0.05));
        RowsHash tokens = new RowsHash();
        MeasuredRows computed;
        if (mayBeMany && rows.size() > StreamStep.MANY) {
            computed = new StreamStep(workbench, model, data, settings, adapter)
                    .run(position, adapted.map(AdaptedModel::transformer), tokens, progress.part(0.05, 0.98));
            computed.results().get(0).matrix().ifPresent(partial);
        } else {
            computed = new InMemoryStep(workbench, model, data, settings, adapter, elsewhere)
                    .run(rows, position, adapted, tokens, progress.part(0.05, 0.98), partial);
        }
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                model.card().kinds(),
                computed.location(),
                task(computed.name()),
                position,
                computed.samples(),
                computed.cutRows(),
                computed.results(),
                computed.grams(),
                settings,
                data,
                provenance(computed.dataSha256(), tokens.identity(), identity, start, progress.part(0.98, 1)),
                computed.remarks(),
                computed.expertLoad());
    }

    /**
     * Compares the settings of an earlier analysis with those of this one, as far as they decide the proposed layers.
     *
     * @return first difference, in words that follow "The analysis" and precede "as the experiment"; empty if there is
     *     none
     */
    public Optional<String> otherSettings(Analysis earlier) {
        SettingValues before = deciding(earlier.settings(), earlier.position());
        SettingValues now = deciding(settings, position());
        SettingDifference adapters = new SettingDifference(
                "adapter",
                Objects.requireNonNullElse(earlier.provenance().adapter(), ""),
                Objects.toString(adapter, ""));
        return Stream.concat(
                        Stream.of(adapters),
                        DECIDING.stream().map(setting -> SettingDifference.of(setting, before, now)))
                .filter(SettingDifference::exists)
                .findFirst()
                .map(found -> "has " + found.words());
    }

    /** Returns settings that are known to be effective, with the first measure alone. */
    private static SettingValues deciding(AnalysisSettings settings, @Nullable Position position) {
        Measure first = settings.measures().get(0);
        SettingValues values = settings.values()
                .with(AnalysisSettings.POSITION, Optional.ofNullable(position))
                .with(AnalysisSettings.MEASURES, List.of(first));
        return settings.with(List.of(first)).needsLabels() ? values : values.without(AnalysisSettings.SEED);
    }

    /**
     * Compares the inputs of an earlier analysis with the current ones.
     *
     * @return a description of the changed input; empty if nothing has changed or the inputs of the earlier analysis
     *     are unknown
     * @throws UserException if the rows or the weights cannot be read
     */
    public Optional<String> changedSince(Provenance earlier, Progress progress) {
        if (elsewhere == null || !elsewhere.anotherModel()) {
            ModelIdentity now = model.identity(progress.part(0, 0.5));
            ModelIdentity then = earlier.weights();
            if (now.isKnown() && then.isKnown() && !now.isSame(then)) {
                return Optional.of("the weights of %s".formatted(model.card().name()));
            }
        }
        String rows = earlier.dataSha256();
        RowsIdentity identity = earlier.rows();
        if (rows == null && identity == null) {
            return Optional.empty();
        }
        RowsHash tokens = new RowsHash();
        String now = identify(tokens, progress.part(0.5, 1));
        if (rows != null && !rows.equals(now)) {
            return Optional.of("the rows of %s".formatted(data.data()));
        }
        return identity == null || identity.isSame(tokens.identity())
                ? Optional.empty()
                : Optional.of("the labels or the tokens of %s".formatted(data.data()));
    }

    /**
     * Reads the rows.
     *
     * @param tokens receives the rows with their tokens
     * @return SHA-256 hash of the rows
     */
    private String identify(RowsHash tokens, Progress progress) {
        boolean mayBeMany = StreamStep.suits(model, data, settings);
        Dataset rows = rows(mayBeMany ? data.withSamples(StreamStep.MANY + 1) : data, Optional.empty(), progress);
        if (mayBeMany && rows.size() > StreamStep.MANY) {
            return new StreamStep(workbench, model, data, settings, adapter).identify(tokens, progress);
        }
        tokens.add(model.tokenizeSilently(
                rows, data, settings.needsLabels() && InMemoryStep.learnsTokens(rows), progress));
        return DataHash.of(rows);
    }

    /** Returns the use of labels, which only losses and their gradients need. */
    private static LabelUse labels(AnalysisSettings settings) {
        return settings.needsLabels() ? LabelUse.AUTO : LabelUse.IGNORE;
    }

    private String task(String dataName) {
        if (settings.name() != null) {
            return settings.name();
        }
        return data.preset() == null ? dataName : data.preset().task(dataName);
    }

    private Dataset rows(DataSettings wanted, Optional<AdaptedModel> adapted, Progress progress) {
        Dataset rows = workbench.read(wanted, labels(settings), Split.TRAIN, progress);
        return settings.needsLabels() ? numbered(rows, wanted.preset(), adapted) : rows;
    }

    /** Numbers the classes of the rows in the order of the head that computes the losses. */
    private Dataset numbered(Dataset rows, @Nullable TaskPreset preset, Optional<AdaptedModel> adapted) {
        if (adapter != null && adapted.isPresent()) {
            OptionalInt outputs = adapted.get().labels();
            return outputs.isEmpty()
                    ? rows // this model predicts tokens, so it has no classes
                    : numbered(
                            rows,
                            preset,
                            ClassNames.of(adapter, model.described(), outputs.getAsInt()),
                            outputs.getAsInt());
        }
        // names in the configuration of a checkpoint without a head are left over from another task
        return model.described()
                .storedLabels()
                .map(outputs -> numbered(
                        rows, preset, model.described().config().labels().names(), outputs))
                .orElse(rows);
    }

    private Dataset numbered(Dataset rows, @Nullable TaskPreset preset, List<String> headNames, int outputs) {
        return LabelledData.fitting(model, LabelledData.numberedAsHead(rows, preset, headNames), outputs);
    }

    private Provenance provenance(
            String dataSha256, RowsIdentity rows, IdentityBeside identity, long start, Progress progress) {
        boolean another = elsewhere != null && elsewhere.anotherModel();
        Map<String, String> versions = new LinkedHashMap<>(Versions.of(workbench.engine(), model));
        if (elsewhere != null) {
            versions.putAll(elsewhere.versions());
        }
        return new Provenance(
                model.reference(),
                another ? ModelIdentity.UNKNOWN : identity.get(progress),
                dataSha256,
                rows,
                adapter == null ? null : adapter.toString(),
                versions,
                Provenance.now(),
                (System.nanoTime() - start) / 1e9);
    }
}
