package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.ModuleSelection;
import org.layerwise.study.model.ModelOutline;
import org.layerwise.study.model.OpenModel;

/** Importance of the linear maps of the displayed analysis, and the selection of single ones. */
public final class ModulesViewModel {

    /**
     * Importance on display.
     *
     * @param importance values by which linear maps are compared, as {@link Measure#comparable} says
     * @param layers number of layers of the model
     */
    record Shown(MeasureResult result, ModuleImportance importance, int layers) {

        /** Returns what is shown of a result; empty if it has no importance of linear maps. */
        static Optional<Shown> of(Analysis analysis, MeasureResult result) {
            return Optional.ofNullable(result.modules())
                    .map(values -> new Shown(result, result.measure().comparable(values), analysis.layers()));
        }

        /** Returns the linear maps that have a bar, the most important first. */
        List<Module> ranking() {
            return importance.ranking().stream().limit(MOST_BARS).toList();
        }

        /** Returns the name of the values. */
        String title() {
            return result.measure().comparableTitle();
        }
    }

    /** Model whose linear maps can be selected. */
    private record Outlined(OpenModel of, ModelOutline outline) {}

    /** Maximum number of bars: those of 32 layers of seven linear maps. A chart cannot be much higher than theirs. */
    private static final int MOST_BARS = 224;

    private final StudySession session;
    private final SelectionViewModel selection;
    private final ObservableValue<@Nullable SettingValues> adapters;
    private final WorkQueue queue;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ModuleSelection> modules = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Map<String, Integer>> selected = new ReadOnlyObjectWrapper<>(Map.of());
    private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper("");
    private final ObjectProperty<@Nullable Module> highlighted = new SimpleObjectProperty<>();
    private @Nullable Outlined outlined;
    private WorkQueue.@Nullable Handle preparing;

    /** @param adapters settings of the adapters that name their targets and their rank; null while they hold a mistake */
    public ModulesViewModel(
            StudySession session,
            SelectionViewModel selection,
            ObservableValue<@Nullable SettingValues> adapters,
            WorkQueue queue) {
        this.session = session;
        this.selection = selection;
        this.adapters = adapters;
        this.queue = queue;
        session.resultProperty().addListener((observable, was, is) -> show());
        session.modelProperty().addListener((observable, was, is) -> {
            outlined = null;
            prepare();
        });
        adapters.addListener((observable, was, is) -> prepare());
        selection.selectionProperty().addListener((observable, was, is) -> mark());
        show();
    }

    /** Importance on display; null if the displayed result has none of linear maps. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Ranks of the selected linear maps by their full names. */
    ReadOnlyObjectProperty<Map<String, Integer>> selectedProperty() {
        return selected.getReadOnlyProperty();
    }

    /** Selections of linear maps of the open model; null while they are not known. */
    ReadOnlyObjectProperty<@Nullable ModuleSelection> modulesProperty() {
        return modules.getReadOnlyProperty();
    }

    /** Sentence on why no linear map can be selected; empty if they can. */
    ReadOnlyStringProperty remarkProperty() {
        return remark.getReadOnlyProperty();
    }

    /** Linear map under the pointer or the keyboard's; null if there is none. */
    ObjectProperty<@Nullable Module> highlightedProperty() {
        return highlighted;
    }

    /** Returns the results of the displayed analysis that have importance of linear maps. */
    List<MeasureResult> results() {
        return session.results(result -> result.modules() != null);
    }

    /** Shows a result of the displayed analysis. */
    void show(MeasureResult result) {
        session.resultProperty().set(result);
    }

    /** Highlights a linear map and its layer; null for none. */
    void point(@Nullable Module module) {
        highlighted.set(module);
        selection.highlightedProperty().set(module == null ? null : module.layer());
    }

    /** Selects a linear map or deselects it, unless its layer is locked. */
    void toggle(Module module) {
        LayerSelection now = selection.selectionProperty().get();
        ModuleSelection known = modules.get();
        if (now != null
                && known != null
                && known.has(module.name())
                && selection.lock(module.layer()) == LayerLock.NONE) {
            selection.take(known.toggled(now, module.name()));
        }
    }

    /** Returns one line with the exact value of a linear map, and its rank if it is selected. */
    String readout(Module module) {
        Integer rank = selected.get().get(module.name());
        String state = text(
                switch (selection.lock(module.layer())) {
                    case ALWAYS -> "analysis.always";
                    case NEVER -> "analysis.never";
                    case NONE -> rank != null ? "analysis.selected" : "analysis.not.selected";
                });
        Shown values = shown.get();
        return text(
                "modules.readout",
                module.layer(),
                module.type(),
                rank == null ? state : state + text("modules.rank", rank),
                values == null ? "" : values.title(),
                String.valueOf(module.value()));
    }

    private void show() {
        AnalysisEntry seen = session.analysisProperty().get();
        MeasureResult result = session.resultProperty().get();
        highlighted.set(null);
        shown.set(
                seen == null || result == null
                        ? null
                        : Shown.of(seen.analysis(), result).orElse(null));
        prepare();
    }

    /** Finds the linear maps of the open model that can be selected by the displayed result. */
    private void prepare() {
        WorkQueue.Handle before = preparing;
        if (before != null) {
            before.stop();
        }
        modules.set(null);
        Shown values = shown.get();
        AnalysisEntry seen = session.analysisProperty().get();
        OpenModel model = session.modelProperty().get();
        SettingValues settings = adapters.getValue();
        remark.set("");
        if (values != null && seen != null && settings != null) {
            if (model == null || !StudySession.of(model, seen.analysis())) {
                remark.set(text("modules.model", seen.analysis().model()));
            } else {
                prepare(model, values, settings);
            }
        }
        mark();
    }

    private void prepare(OpenModel model, Shown values, SettingValues settings) {
        Outlined known = outlined;
        preparing = queue.submit(Work.quiet(text("modules.preparing"), progress -> {
                    Outlined outline =
                            known != null && known.of() == model ? known : new Outlined(model, model.outline());
                    progress.check();
                    return new Prepared(outline, new ModuleSelection(outline.outline(), values.result(), settings));
                })
                .whenDone(found -> {
                    if (preparesFor(model, values)) {
                        outlined = found.outlined();
                        modules.set(found.modules());
                        mark();
                    }
                })
                .whenFailed(thrown -> {
                    if (preparesFor(model, values)) {
                        remark.set(ReportedError.of(text("modules.failed"), thrown, null)
                                .sentence());
                        mark();
                    }
                }));
    }

    private boolean preparesFor(OpenModel model, Shown values) {
        return model == session.modelProperty().get() && values == shown.get();
    }

    private record Prepared(Outlined outlined, ModuleSelection modules) {}

    private void mark() {
        LayerSelection now = selection.selectionProperty().get();
        ModuleSelection known = modules.get();
        Shown values = shown.get();
        if (now == null
                || values == null
                || now.of() != values.layers()
                || !remark.get().isEmpty()) {
            selected.set(Map.of());
        } else if (known != null) {
            selected.set(known.ranks(now));
        } // those before stay until the modules of the model are known
    }
}
