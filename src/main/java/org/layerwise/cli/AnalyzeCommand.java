package org.layerwise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.report.UncertaintyLines;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.ReferenceSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.RepresentationsAnalysis;
import org.layerwise.study.analysis.RepresentationsInput;
import org.layerwise.study.analysis.WeightsAnalysis;
import org.layerwise.study.comparison.CrossFolder;
import org.layerwise.study.comparison.CrossSimilarity;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Command {@code analyze}: computes the similarity of all pairs of layers, the importance and ranking of the layers,
 * and the layers that a ratio selects.
 */
@Command(
        name = "analyze",
        customSynopsis = {
            "layerwise analyze --model MODEL --data FILE [OPTIONS] --out DIR",
            "       layerwise analyze --model MODEL --measure snr,condition,alpha [OPTIONS] --out DIR",
            "       layerwise analyze --model MODEL --adapter DIR --measure adapter-norm,adapter-rank [OPTIONS] --out"
                    + " DIR",
            "       layerwise analyze --representations FILE.safetensors [OPTIONS] --out DIR"
        },
        description =
                "Compare all layers with each other (linear CKA, or other measures) and rank them by how much they"
                        + " change what passes through. Reads a model and data, a model alone for measures of its weights,"
                        + " a model and an adapter for measures of the adapter, or representations that extract wrote.")
final class AnalyzeCommand extends ModelCommand {

    private static final double CROSS = 0.4;
    private static final double ANALYSED = 0.8;

    private static final int MOST_REASONS = 2;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--representations",
            paramLabel = "FILE.safetensors",
            description = "Instead of a model and data: tensors hidden_states.0..M.")
    private @Nullable Path representations;

    @Option(
            names = "--against",
            paramLabel = "FILE.safetensors",
            description =
                    "Compare the hidden states in --representations with those in this file too, which another model,"
                            + " or the same after a fine-tuning, made of the same data. Default: none.")
    private @Nullable Path against;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Analyze the model as this adapter changed it, one that train or HuggingFace PEFT wrote."
                    + " Default: none.")
    private @Nullable Path adapter;

    @Option(
            names = "--reference",
            description = "With the settings of the paper's public code: linear CKA, 512 tokens a row, all rows for"
                    + " encoders and the first 128 for decoders. Its decoder selections also need --undefined include."
                    + " Default: off.")
    private boolean reference;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for analysis.json, the two text files, tables and pictures.")
    private Path out = Path.of("");

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, AnalysisSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                new ExclusiveOptions(List.of(
                        Set.of("--representations", "--against"),
                        Set.of(
                                "--model",
                                "--data",
                                "--text",
                                "--label",
                                "--image",
                                "--preset",
                                "--samples",
                                "--sampling",
                                "--sampling-seed",
                                "--compat",
                                "--max-length",
                                "--batch",
                                "--position",
                                "--adapter",
                                "--reference",
                                "--dtype",
                                "--load",
                                "--on",
                                "--workers",
                                "--gpu-workers"))),
                ExclusiveOptions.of("--reference", "--measure"));
    }

    AnalysisSettings settings() {
        AnalysisSettings settings = new AnalysisSettings(given(AnalysisSettings.VALUES));
        return reference ? settings.with(ReferenceSettings.measures()) : settings;
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        AnalysisSettings settings = settings();
        cluster.check(context());
        if (cluster.named()) {
            RepresentationsAnalysis.requireMeasures(settings);
        }
        requireInput();
        requireInputKept();
        AnalysisFolder.check(out, settings.measures());
        context().run("Analyze", (workbench, progress) -> {
            RepresentationsInput read = representations == null ? null : RepresentationsInput.read(representations);
            RepresentationsInput other = read == null || against == null ? null : RepresentationsInput.read(against);
            String device = compute().get(ModelSettings.DEVICE);
            Optional<CrossSimilarity> between = cross(workbench, read, other, progress, settings);
            Analysis analysis = read == null
                    ? analyze(workbench, progress, settings)
                    : new RepresentationsAnalysis(workbench, read, settings, device)
                            .run(progress.part(other == null ? 0 : CROSS, other == null ? 1 : ANALYSED));
            Optional<CrossSimilarity> cross = between.map(found -> found.withMaps(
                    workbench, analysis, Objects.requireNonNull(other), device, progress.part(ANALYSED, 1)));
            AnalysisFolder.write(
                    analysis, out, beside -> cross.ifPresent(found -> CrossFolder.write(found, beside)), progress);
            progress.noteCut(analysis.cutRows());
            analysis.remarks().forEach(progress::note);
            progress.close();
            printReport(analysis);
            cross.map(CrossSimilarity::sentence).ifPresent(context()::say);
        });
        context().say("Wrote " + out);
    }

    private void printReport(Analysis analysis) {
        for (MeasureResult result : analysis.results()) {
            if (analysis.results().size() > 1) {
                context().say("By %s:".formatted(result.measure().title()));
            }
            lines(result.importance(), analysis.proposed(result)).forEach(context()::say);
            UncertaintyLines.of(analysis, result).forEach(context()::say);
        }
        if (analysis.expertLoad() != null) {
            context().say(analysis.expertLoad().summary());
        }
    }

    /**
     * Returns the result as lines: the selected layers, the reason if they are fewer than requested, and reasons for
     * undefined layers.
     */
    static List<String> lines(LayerImportance importance, LayerSelection selection) {
        List<String> lines = new ArrayList<>();
        lines.add(
                selection.layers().isEmpty() ? "No layer could be selected." : "Selected " + selection.summary() + ".");
        selection.reason().shortfallSentence().ifPresent(lines::add);
        int undefined = 0;
        for (int layer = 0; layer < importance.layers(); layer++) {
            String reason = importance.reason(layer).orElse(null);
            if (reason != null && ++undefined <= MOST_REASONS) {
                lines.add("Layer %s is undefined: %s".formatted(layer, reason));
            }
        }
        if (undefined > MOST_REASONS) {
            int more = undefined - MOST_REASONS;
            lines.add("%s more %s undefined, as analysis.json says."
                    .formatted(more, more == 1 ? "layer is" : "layers are"));
        }
        return lines;
    }

    private void requireInput() {
        if (against != null && representations == null) {
            throw new UserException(
                    "--against %s needs another file to compare it with; give --representations FILE too."
                            .formatted(against));
        }
        if (representations == null && !model().given() && !data.given()) {
            throw new UserException(
                    "There is nothing to analyze; give --model MODEL and --data FILE, or --representations FILE.");
        }
        if (representations == null) {
            model().name();
        }
        if (representations == null && !withoutRows()) {
            data.settings(given(DataSettings.VALUES));
        }
        if (representations == null) {
            WeightsAnalysis.requireFitting(settings(), adapter);
        }
    }

    /** Returns true if no measure needs rows. */
    private boolean withoutRows() {
        return settings().needsNoData();
    }

    private void requireInputKept() {
        Output target = new Output("--out", out);
        if (representations != null) {
            target.requireKept("--representations", representations, AnalysisFolder::writes);
            if (against != null) {
                target.requireKept("--against", against, AnalysisFolder::writes);
            }
            return;
        }
        model().keep(target);
        data.keep(target, given(DataSettings.VALUES), AnalysisFolder::writes);
        if (adapter != null) {
            target.requireOutside("--adapter", adapter);
        }
    }

    private Optional<CrossSimilarity> cross(
            Workbench workbench,
            @Nullable RepresentationsInput read,
            @Nullable RepresentationsInput other,
            ConsoleProgress progress,
            AnalysisSettings settings) {
        if (read == null || other == null) {
            return Optional.empty();
        }
        progress.check();
        CrossSimilarity.remarkOnFiles(read, other).ifPresent(progress::note);
        return Optional.of(CrossSimilarity.ofFiles(
                workbench, read, other, settings, compute().get(ModelSettings.DEVICE), progress.part(0, CROSS)));
    }

    private Analysis analyze(Workbench workbench, ConsoleProgress progress, AnalysisSettings settings) {
        if (withoutRows()) {
            data.noteUnread(progress);
            try (OpenModel open = openFiles(workbench, progress)) {
                return new WeightsAnalysis(workbench, open, settings, adapter).run(progress.part(OPENED, 1));
            }
        }
        DataSettings asked = data.settings(given(DataSettings.VALUES));
        if (reference) {
            workbench.beginReading(asked); // the model decides about the rows
        } else {
            AnalysisJob.beginReading(workbench, asked, settings);
        }
        ModelUse use = settings.needsGradients() ? ModelUse.ANY : ModelUse.FORWARD;
        try (OpenModel open = open(workbench, cluster.named(), use, progress)) {
            DataSettings rows = reference
                    ? ReferenceSettings.rows(
                            asked.withDefaultMaxLength(ReferenceSettings.MAX_LENGTH),
                            open.card().kind())
                    : asked;
            AnalysisJob job = new AnalysisJob(workbench, open, rows, settings, adapter);
            Analysis analysis = (cluster.given() ? job.on(cluster.extraction(workbench, open, progress::note)) : job)
                    .run(progress.part(OPENED, 1), partial -> {});
            if (reference
                    && given(AnalysisSettings.VALUES)
                            .given(AnalysisSettings.UNDEFINED)
                            .isEmpty()
                    && leavesOutFirst(analysis)) {
                progress.note("Layer 0 is left out, since its similarity is undefined; most of the paper's decoder"
                        + " selections have it first: --undefined include.");
            }
            return analysis;
        }
    }

    private static boolean leavesOutFirst(Analysis analysis) {
        return analysis.kind() != ModelKind.ENCODER
                && analysis.importance().of(0).isEmpty();
    }
}
