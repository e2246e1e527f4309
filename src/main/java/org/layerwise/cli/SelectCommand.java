package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.ExportOptions;
import org.layerwise.cli.option.InputFiles;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.ModuleSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.ModuleSelection;
import org.layerwise.study.model.ModelOutline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code select}: selects layers for fine-tuning from a finished analysis. */
@Command(
        name = "select",
        customSynopsis = "layerwise select --analysis DIR [OPTIONS] --out selection.json",
        description = "Choose layers from a finished analysis. What is said of adapters and learning rates goes into"
                + " exports.")
final class SelectCommand extends LayerwiseCommand {

    @Option(names = "--analysis", paramLabel = "DIR", required = true, description = "Folder that analyze wrote.")
    private Path analysis = Path.of("");

    @Option(
            names = "--ratio",
            paramLabel = "R",
            description =
                    "The most important share of the layers, above 0 and at most 1. Default: 0.5, with --budget all"
                            + " layers.")
    private @Nullable Double ratio;

    @Option(names = "--top", paramLabel = "N", description = "Instead of a ratio: the N most important layers.")
    private @Nullable Integer top;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "Instead of a ratio: all layers with an importance of at least T.")
    private @Nullable Double threshold;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "Instead of a ratio: the N layers nearest to the output. No layer below them is"
                    + " differentiated, so a step takes less time and memory.")
    private @Nullable Integer last;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Instead of a ratio: all layers of a kind, where a model has several: full-attention,"
                    + " sliding-attention, linear-attention, dense or mixture.")
    private @Nullable String kind;

    @Option(
            names = "--layers",
            paramLabel = "1,3,5",
            description = "Instead of a ratio: these layers, 0-based; ranges as 4-7, or all.")
    private @Nullable String layers;

    @Option(
            names = "--modules",
            paramLabel = "SHARE|N",
            description =
                    "Instead of layers: the most important linear maps among the target modules of all layers, a share"
                            + " (0.5, 50%%) or a number of them, by a measure that has values of linear maps.")
    private @Nullable String modules;

    @Option(
            names = "--budget",
            paramLabel = "PARAMETERS|SHARE",
            description =
                    "Spread ranks over the selected linear maps, or all, within so many parameters of adapters, or"
                            + " such a share (50%%) of LoRA of rank --r on all. Default: all have rank --r.")
    private @Nullable String budget;

    @Option(
            names = "--spread",
            paramLabel = "proportional|waterfill|eva",
            description =
                    "With --budget: ranks in proportion to the importance, or by water-filling, where parameters and"
                            + " not ranks follow it, or by EVA's own rule, with the measure eva. Default:"
                            + " proportional.")
    private @Nullable RankRule spread;

    @Option(
            names = "--min-rank",
            paramLabel = "R",
            description =
                    "With --budget: lowest rank. The least important get no adapter if it is too high. Default: 1.")
    private @Nullable Integer minRank;

    @Option(names = "--max-rank", paramLabel = "R", description = "With --budget: highest rank. Default: 64.")
    private @Nullable Integer maxRank;

    @Option(
            names = "--measure",
            paramLabel = "MEASURE",
            description = "Measure of the analysis to select by; of several, the first. Default: that of the analysis.")
    private @Nullable String measure;

    @Option(
            names = "--always",
            paramLabel = "1,3",
            description = "Layers that are selected in any case. Default: none.")
    private @Nullable String always;

    @Option(
            names = "--never",
            paramLabel = "0,2",
            description = "Layers that are not selected in any case. Default: none.")
    private @Nullable String never;

    @Option(
            names = "--undefined",
            paramLabel = "exclude|include",
            description =
                    "Layers without a similarity: left out of the ranking, or first in it. Default: as the analysis"
                            + " did.")
    private @Nullable UndefinedLayers undefined;

    @Option(names = "--out", paramLabel = "selection.json", required = true, description = "File to write.")
    private Path out = Path.of("");

    @Mixin
    private ExportOptions exports = new ExportOptions();

    @Override
    List<Setting<?>> offered() {
        return AdapterSettings.EXPORTED;
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                ExclusiveOptions.of("--ratio", "--top", "--threshold", "--last", "--kind", "--layers", "--modules"));
    }

    @Override
    void run() {
        Limits.share("--ratio", ratio);
        Limits.atLeast("--top", top, 1);
        Limits.atLeast("--last", last, 1);
        Limits.finite("--threshold", threshold);
        requireBudget("--spread", spread);
        requireBudget("--min-rank", minRank);
        requireBudget("--max-rank", maxRank);
        Output target = new Output("--out", out);
        InputFiles.ofAnalysis(analysis).forEach(read -> target.requireNot("--analysis", read));
        WritablePaths.requireFile(out);
        SettingValues values = given(AdapterSettings.EXPORTED);
        exports.check(InputFiles.ofAnalysis(analysis), target);
        Analysis found = AnalysisFolder.read(AnalysisFolder.of(analysis));
        MeasureResult result = result(found);
        boolean needed = modules != null || budget != null || exports.needModel();
        ModelOutline model = needed ? exports.model(context(), found) : null;
        ModuleSelection ofModules = model == null ? null : new ModuleSelection(model, result, values);
        LayerSelection selection = select(found, result, ofModules);
        if (selection.layers().isEmpty()) {
            throw new UserException("No layer is left to select%s; nothing was written, change the rule or the locks."
                    .formatted(selection
                            .reason()
                            .shortfallSentence()
                            .map(why -> " (%s)".formatted(why.replaceAll("\\.$", "")))
                            .orElse("")));
        }
        // modules are named, so what they were chosen from counts no more
        SettingValues adapters = selection.modules() == null ? values : values.without(LoraSettings.TARGET_MODULES);
        Map<Path, String> texts = exports.texts(found, model, selection, adapters);
        SelectionFile.write(out, found.saved(selection, result));
        texts.forEach(AtomicFiles::writeString);
        selection.reason().shortfallSentence().ifPresent(context().console().err()::println);
        context().say(selection.summary());
        if (ofModules != null) {
            context().say(ofModules.cost(selection));
        }
        context().say("Wrote " + out);
        texts.keySet().forEach(file -> context().say("Wrote " + file));
    }

    private MeasureResult result(Analysis found) {
        if (measure == null) {
            return found.primary();
        }
        return Measures.of(measure.split(",")[0].strip())
                .flatMap(found::result)
                .orElseThrow(() -> new UserException("%s has no measure \"%s\"; it has %s."
                        .formatted(
                                analysis,
                                measure,
                                found.results().stream()
                                        .map(result -> result.measure().id())
                                        .collect(Collectors.joining(", ")))));
    }

    /** @param ofModules linear maps of the model; null if only layers are selected */
    private LayerSelection select(Analysis found, MeasureResult result, @Nullable ModuleSelection ofModules) {
        int of = found.layers();
        LayerLocks locks = LayerLocks.of(list(always, of), list(never, of));
        LayerSelection selection = modules != null && ofModules != null
                ? ofModules.select(ModuleSelector.Amount.parse(modules), locks)
                : LayerSelector.select(
                        result.importance(),
                        rule(found, of),
                        locks,
                        undefined == null ? found.settings().undefined() : undefined);
        if (budget == null || ofModules == null || selection.layers().isEmpty()) {
            return selection;
        }
        return ofModules.withRanks(
                selection,
                new RankBudget(
                        RankBudget.parameters(budget, ofModules.full()),
                        spread == null ? RankBudget.DEFAULT_RULE : spread,
                        minRank == null ? RankBudget.DEFAULT_MIN_RANK : minRank,
                        maxRank == null ? RankBudget.DEFAULT_MAX_RANK : maxRank));
    }

    private void requireBudget(String flag, @Nullable Object value) {
        if (value != null && budget == null) {
            throw new UserException("%s says how a budget is spread; give --budget, or leave it out.".formatted(flag));
        }
    }

    private SelectionRule rule(Analysis found, int of) {
        if (top != null) {
            return new SelectionRule.TopN(top);
        }
        if (threshold != null) {
            return new SelectionRule.Threshold(threshold);
        }
        if (last != null) {
            return SelectionRule.LastLayers.of(last, of);
        }
        if (kind != null) {
            return ofKind(found, LayerKind.of(kind));
        }
        if (layers != null) {
            return new SelectionRule.ByHand(LayerList.parse(layers, of));
        }
        if (ratio != null) {
            return new SelectionRule.TopRatio(ratio);
        }
        return new SelectionRule.TopRatio(budget == null ? AnalysisSettings.DEFAULT_RATIO : 1);
    }

    private static SelectionRule ofKind(Analysis found, LayerKind wanted) {
        List<LayerKind> known = found.kinds().differing();
        if (known.isEmpty()) {
            throw new UserException(
                    "The layers of %s do not differ in their kind, or an earlier version analyzed them; name layers with --layers, or analyze again."
                            .formatted(found.model()));
        }
        if (!known.contains(wanted)) {
            throw new UserException("%s has no layers of the kind %s beside others; there are %s."
                    .formatted(
                            found.model(),
                            wanted.id(),
                            known.stream().map(LayerKind::id).collect(Collectors.joining(", "))));
        }
        return new SelectionRule.OfKind(wanted, found.kinds().layers(wanted));
    }

    private static SortedSet<Integer> list(@Nullable String text, int of) {
        return LayerList.parse(text == null ? "" : text, of);
    }
}
