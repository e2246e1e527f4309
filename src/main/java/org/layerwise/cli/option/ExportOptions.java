package org.layerwise.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ExportedAdapter;
import org.layerwise.selection.export.ExportedModel;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.ModelOutline;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Flags of {@code select} that export a selection to other tools. */
public final class ExportOptions {

    @Option(
            names = "--export",
            paramLabel = "FORMAT=FILE",
            completionCandidates = Formats.class,
            description =
                    "Also write the selection for another tool: ${COMPLETION-CANDIDATES}. May be given several times."
                            + " Default: none.")
    private List<String> exports = List.of();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "The model that exports, --modules and --budget are for, as analyze takes it. Default: the one"
                            + " that was analyzed.")
    private @Nullable String model;

    /** Adds one line for each format to the end of the command's help. */
    @Spec(Spec.Target.MIXEE)
    void describeFormats(CommandSpec command) {
        Stream<String> formats =
                Arrays.stream(ExportFormat.values()).map(format -> "  %s: %s".formatted(format.id(), format.purpose()));
        command.usageMessage()
                .footer(Stream.concat(Stream.of("", "Formats of --export:"), formats)
                        .toArray(String[]::new));
    }

    /** Names of the formats. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(ExportFormat.values()).map(ExportFormat::id).iterator();
        }
    }

    /**
     * Checks the flags.
     *
     * @param analysis input files of the analysis
     * @param selection output file of the selection
     * @throws UserException if a format is unknown or given twice, or a file cannot be written or would replace another
     *     file
     */
    public void check(List<Path> analysis, Output selection) {
        List<Output> written = new ArrayList<>(List.of(selection));
        files().forEach((format, file) -> {
            Output export = new Output("--export " + format.id(), file);
            analysis.forEach(read -> export.requireNot("--analysis", read));
            written.forEach(other -> export.requireOther(other.flag(), other.path()));
            if (model != null) {
                ModelLocator.folder(model).ifPresent(folder -> export.requireOutside("--model", folder));
            }
            WritablePaths.requireFile(file);
            written.add(export);
        });
    }

    private Map<ExportFormat, Path> files() {
        Map<ExportFormat, Path> files = new LinkedHashMap<>();
        for (String export : exports) {
            int equals = export.indexOf('=');
            if (equals < 0 || equals == export.length() - 1) {
                throw new UserException("--export %s names no file; write FORMAT=FILE, with FORMAT one of %s."
                        .formatted(export, ExportFormat.words(", ")));
            }
            ExportFormat format = ExportFormat.of(export.substring(0, equals));
            if (files.put(format, Path.of(export.substring(equals + 1))) != null) {
                throw new UserException("--export %s is given twice; give it once.".formatted(format.id()));
            }
        }
        return files;
    }

    /** Returns true if a requested file needs more of the model than its number of layers. */
    public boolean needModel() {
        return !files().keySet().stream().allMatch(ExportFormat::layersOnly);
    }

    /**
     * Returns the contents of the requested files by path.
     *
     * @param model model that the analysis is of; null if no file needs it
     * @param values values of the settings
     * @throws UserException if a tool does not support the export
     */
    public Map<Path, String> texts(
            Analysis analysis, @Nullable ModelOutline model, LayerSelection selection, SettingValues values) {
        Map<Path, String> texts = new LinkedHashMap<>();
        if (model == null) {
            files().values().forEach(file -> texts.put(file, selection.oneHot()));
            return texts;
        }
        ExportedAdapter adapter = ExportedAdapter.of(exported(analysis, model), selection, values, null);
        files().forEach((format, file) -> texts.put(file, format.text(adapter)));
        return texts;
    }

    private ExportedModel exported(Analysis analysis, ModelOutline outline) {
        String name = name(analysis);
        return outline.exported(
                name,
                name.equals(analysis.provenance().modelReference())
                        ? analysis.provenance().modelRevision()
                        : null);
    }

    private String name(Analysis analysis) {
        String name = model == null ? analysis.provenance().modelReference() : model;
        if (name == null) {
            throw new UserException(
                    "The analysis does not say which model it is of, and exports, --modules and --budget need it; give"
                            + " --model MODEL.");
        }
        return name;
    }

    /**
     * Reads the headers of the model, which may download it.
     *
     * @throws UserException if the model cannot be read, or differs from the analyzed model
     */
    public ModelOutline model(CommandContext context, Analysis analysis) {
        String name = name(analysis);
        ModelOutline[] found = new ModelOutline[1];
        context.run(
                "Read the model",
                (workbench, progress) -> found[0] =
                        context.keepingDownload(name, () -> workbench.outline(name, new PauseSwitch(), progress)));
        ModelOutline outline = Objects.requireNonNull(found[0]);
        if (outline.card().layers() != analysis.layers()) {
            throw new UserException(
                    "%s has %s layers, but the analysis is of a model with %s; name the one that was analyzed."
                            .formatted(name, outline.card().layers(), analysis.layers()));
        }
        return outline;
    }
}
