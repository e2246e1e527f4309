package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
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
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code select}: selects layers for fine-tuning from a finished analysis. */
@Command(
        name = "select",
        customSynopsis = "layerwise select --analysis DIR [OPTIONS] --out selection.json",
        description =
                "Choose layers from a finished analysis. What is said of adapters and learning rates goes into exports.")
final class SelectCommand extends LayerwiseCommand {

    @Option(names = "--analysis", paramLabel = "DIR", required = true, description = "Folder that analyze wrote.")
    private Path analysis = Path.of("");

    @Option(
            names = "--ratio",
            paramLabel = "R",
            description = "The most important share of the layers, above 0 and at most 1. Default: 0.5.")
    private @Nullable Double ratio;

    @Option(names = "--top", paramLabel = "N", description = "Instead of a ratio: the N most important layers.")
    private @Nullable Integer top;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "Instead of a ratio: all layers with an importance (1 - CKA) of at least T.")
    private @Nullable Double threshold;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "Instead of a ratio: all layers of a kind, where a model has several: full-attention, sliding-attention,"
                            + " linear-attention, dense or mixture.")
    private @Nullable String kind;

    @Option(
            names = "--layers",
            paramLabel = "1,3,5",
            description = "Instead of a ratio: these layers, 0-based; ranges as 4-7, or all.")
    private @Nullable String layers;

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
                    "Layers without a similarity: left out of the ranking, or first in it. Default: as the analysis did.")
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
        return List.of(ExclusiveOptions.of("--ratio", "--top", "--threshold", "--kind", "--layers"));
    }

    @Override
    void run() {
        Limits.share("--ratio", ratio);
        Limits.atLeast("--top", top, 1);
        Limits.finite("--threshold", threshold);
        Output target = new Output("--out", out);
        InputFiles.ofAnalysis(analysis).forEach(read -> target.requireNot("--analysis", read));
        WritablePaths.requireFile(out);
        SettingValues values = given(AdapterSettings.EXPORTED);
        exports.check(InputFiles.ofAnalysis(analysis), target);
        Analysis found = AnalysisFolder.read(AnalysisFolder.of(analysis));
        LayerSelection selection = select(found);
        if (selection.layers().isEmpty()) {
            throw new UserException("No layer is left to select%s; nothing was written, change the rule or the locks."
                    .formatted(selection
                            .reason()
                            .shortfallSentence()
                            .map(why -> " (%s)".formatted(why.replaceAll("\\.$", "")))
                            .orElse("")));
        }
        Map<Path, String> texts = exports.texts(context(), found, selection, values);
        SelectionFile.write(out, found.saved(selection));
        texts.forEach(AtomicFiles::writeString);
        selection.reason().shortfallSentence().ifPresent(context().console().err()::println);
        context().say(selection.summary());
        context().say("Wrote " + out);
        texts.keySet().forEach(file -> context().say("Wrote " + file));
    }

    LayerSelection select(Analysis found) {
        int of = found.importance().layers();
        LayerLocks locks = LayerLocks.of(list(always, of), list(never, of));
        return LayerSelector.select(
                found.importance(),
                rule(found, of),
                locks,
                undefined == null ? found.settings().undefined() : undefined);
    }

    private SelectionRule rule(Analysis found, int of) {
        if (top != null) {
            return new SelectionRule.TopN(top);
        }
        if (threshold != null) {
            return new SelectionRule.Threshold(threshold);
        }
        if (kind != null) {
            return ofKind(found, LayerKind.of(kind));
        }
        if (layers != null) {
            return new SelectionRule.ByHand(LayerList.parse(layers, of));
        }
        return new SelectionRule.TopRatio(ratio == null ? AnalysisSettings.DEFAULT_RATIO : ratio);
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
