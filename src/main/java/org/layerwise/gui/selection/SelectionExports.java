package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.Labels;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.SaveDialog;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.ReferenceName;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ExportedAdapter;
import org.layerwise.selection.export.ExportedHead;
import org.layerwise.selection.export.ExportedModel;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;

/** Exports the current selection to all supported formats: preview, copy, one file, or all files together. */
public final class SelectionExports {

    private final StudySession session;
    private final SelectionViewModel selection;
    private final Training training;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final Supplier<Optional<EquivalentCommand>> command;
    private final ObjectProperty<SelectionFormat> format = new SimpleObjectProperty<>(SelectionFormat.SELECTION);
    private final BooleanProperty watched = new SimpleBooleanProperty();
    private final ReadOnlyStringWrapper preview = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper refusal = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper otherModel = new ReadOnlyStringWrapper("");
    private int asked;

    /** Inputs of an export, read together on the FX thread. */
    private record Material(
            LayerSelection layers,
            @Nullable AnalysisEntry entry,
            @Nullable MeasureResult result,
            @Nullable OpenModel model,
            SettingValues training,
            @Nullable EquivalentCommand command,
            Labels labels) {

        /** Returns the selection as its file holds it. */
        SavedSelection saved() {
            return SelectionFiles.saved(layers, entry == null ? null : entry.analysis(), result);
        }
    }

    private record Preview(String text, String refusal) {}

    /**
     * Settings of the training, which exports for other programs hold.
     *
     * @param settings returns the settings
     * @param inputs values that the settings depend on
     */
    public record Training(Supplier<SettingValues> settings, List<? extends Observable> inputs) {}

    /** @param command returns the selection as a command; empty without an analysis */
    public SelectionExports(
            StudySession session,
            SelectionViewModel selection,
            Training training,
            WorkQueue queue,
            FxExecutor ui,
            FileDialogs files,
            Dialogs dialogs,
            Supplier<Optional<EquivalentCommand>> command) {
        this.session = session;
        this.selection = selection;
        this.training = training;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.command = command;
        Runnable show = ui.coalesced(this::show);
        for (Observable part : List.of(
                selection.selectionProperty(),
                session.analysisProperty(),
                session.resultProperty(),
                session.modelProperty(),
                session.dataProperty(),
                format,
                watched)) {
            part.addListener(changed -> show.run());
        }
        training.inputs().forEach(input -> input.addListener(changed -> show.run()));
    }

    /** Displayed format. */
    public ObjectProperty<SelectionFormat> formatProperty() {
        return format;
    }

    /** Property that is true while the export window is open; previews are created only then. */
    public BooleanProperty watchedProperty() {
        return watched;
    }

    /** Content of the file as it would be written now; empty while there is none. */
    public ReadOnlyStringProperty previewProperty() {
        return preview.getReadOnlyProperty();
    }

    /** Reason why there is no preview, in one sentence; empty if there is one. */
    public ReadOnlyStringProperty refusalProperty() {
        return refusal.getReadOnlyProperty();
    }

    /** Remark that the selection was made for another model than the open one; empty if there is nothing to say. */
    public ReadOnlyStringProperty otherModelProperty() {
        return otherModel.getReadOnlyProperty();
    }

    private void show() {
        if (!watched.get()) {
            return;
        }
        int now = ++asked;
        SelectionFormat wanted = format.get();
        Material material = material();
        if (material == null) {
            preview.set("");
            refusal.set(text("selection.export.none"));
            otherModel.set("");
            return;
        }
        otherModel.set(
                material.model == null
                        ? ""
                        : material.saved()
                                .remark(
                                        text("selection.subject"),
                                        material.model.card().name())
                                .orElse(""));
        queue.submit(Work.quiet(text("selection.export.making"), progress -> preview(wanted, material))
                .whenDone(made -> {
                    if (now == asked) {
                        refusal.set(made.refusal);
                        preview.set(made.text);
                    }
                })
                .whenFailed(thrown -> {
                    if (now == asked) {
                        refusal.set(text("error.unexpected"));
                    }
                }));
    }

    private static Preview preview(SelectionFormat format, Material material) {
        try {
            return new Preview(content(format, material), "");
        } catch (UserException e) {
            return new Preview("", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Material material() {
        LayerSelection layers = selection.selectionProperty().get();
        if (layers == null) {
            return null;
        }
        AnalysisEntry entry = session.analysisProperty().get();
        AnalysisEntry its = entry != null && entry.analysis().layers() == layers.of() ? entry : null;
        OpenModel model = session.modelProperty().get();
        OpenModel own = model != null && model.card().layers() == layers.of() ? model : null;
        MeasureResult shown = its == null ? null : session.resultProperty().get();
        return new Material(
                layers,
                its,
                shown,
                own,
                training.settings().get(),
                its == null ? null : command.get().orElse(null),
                labels());
    }

    /** Returns the labels of the open data; none without data. */
    private Labels labels() {
        OpenData open = session.dataProperty().get();
        return open == null ? new Labels.None() : open.preview().labels();
    }

    private static String content(SelectionFormat format, Material material) {
        if (format.needsAnalysis() && material.entry == null) {
            throw new UserException(text("selection.export.no.analysis"));
        }
        ExportFormat tool = format.tool();
        if (tool != null) {
            return tool.layersOnly() ? material.layers.oneHot() : tool.text(adapter(tool, material));
        }
        if (format.equals(SelectionFormat.SELECTION)) {
            return Json.pretty(SelectionFile.toJson(material.saved()));
        }
        return format.equals(SelectionFormat.SIMILARITIES) ? similarities(material) : command(material);
    }

    private static ExportedAdapter adapter(ExportFormat tool, Material material) {
        if (material.model == null) {
            throw new UserException(text("selection.export.no.model"));
        }
        ExportedModel exported = material.model.exported();
        ExportedHead head = tool == ExportFormat.PEFT && exported.classifier() ? head(material, material.model) : null;
        return ExportedAdapter.of(exported, material.layers, material.training, head);
    }

    private static @Nullable ExportedHead head(Material material, OpenModel model) {
        return LabelledData.exportedHead(
                model, material.training.find(TrainingSettings.TASK).orElse(null), material.labels);
    }

    private static String command(Material material) {
        if (material.command == null) {
            throw new UserException(text("selection.export.no.command"));
        }
        return material.command.commandLine() + "\n";
    }

    /** Returns the similarities of the measure that is shown and that selects the layers. */
    private static String similarities(Material material) {
        if (material.result == null) {
            throw new UserException(text("selection.export.no.analysis"));
        }
        if (!material.result.measure().isCka()) {
            throw new UserException(
                    text("selection.export.no.cka", material.result.measure().title()));
        }
        return ReferenceFiles.similarities(material.result.importance());
    }

    private static String fileName(SelectionFormat format, Material material) {
        ReferenceName name = material.entry == null
                ? ReferenceName.encoder("model", "task")
                : material.entry.analysis().referenceName();
        if (format.equals(SelectionFormat.SIMILARITIES)) {
            return name.similarities();
        }
        return format.tool() == ExportFormat.ONE_HOT ? name.oneHot() : format.fileName();
    }

    /** Asks for a file and writes the displayed format. */
    public void save() {
        Material material = material();
        if (material != null) {
            SelectionFormat wanted = format.get();
            new SaveDialog(files, dialogs)
                    .ask(FileDialogs.Purpose.SELECTION, fileName(wanted, material))
                    .ifPresent(file -> write(() -> {
                        AtomicFiles.writeString(file, content(wanted, material));
                        return file;
                    }));
        }
    }

    /**
     * Asks for a folder and writes all available formats. If a file with one of the names already exists, as in the
     * folder of an adapter, writes into a new subfolder.
     */
    public void saveAll() {
        Material material = material();
        if (material != null) {
            files.folder(FileDialogs.Purpose.SELECTION)
                    .ifPresent(place -> write(() -> writeAll(texts(material), place)));
        }
    }

    private static Path writeAll(Map<String, String> texts, Path place) {
        boolean free =
                texts.keySet().stream().noneMatch(name -> Files.exists(place.resolve(name), LinkOption.NOFOLLOW_LINKS));
        Path folder = free ? place : Folders.numbered(place, "selection");
        texts.forEach((name, words) -> AtomicFiles.writeString(folder.resolve(name), words));
        return folder;
    }

    /**
     * Creates all texts before the first one is written. Formats that are refused, for example because inputs are
     * missing, are left out; any other error prevents writing all of them.
     */
    private static Map<String, String> texts(Material material) {
        Map<String, String> texts = new LinkedHashMap<>();
        SelectionFormat.ALL.forEach(format -> {
            Preview made = preview(format, material);
            if (made.refusal.isEmpty()) {
                texts.put(fileName(format, material), made.text);
            }
        });
        return texts;
    }

    /** @param writing writes the files and returns their path */
    private void write(Supplier<Path> writing) {
        queue.submit(Work.light(text("selection.saving"), progress -> writing.get())
                .whenDone(written -> dialogs.notify(text("selection.saved"), written.toString()))
                .whenFailed(dialogs.failure(text("selection.failed"), () -> write(writing))));
    }
}
