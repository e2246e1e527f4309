package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileNames;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.run.RunController;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.study.training.TrainingMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks and estimates a training, and starts it. */
public final class TrainingViewModel {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingViewModel.class);

    private static final int BYTES_ON_DISK = 4;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private final StudySession session;
    private final Workbench workbench;
    private final TrainingForm form;
    private final Function<LayerSelection, SavedSelection> origin;
    private final ObservableValue<@Nullable LayerSelection> selection;
    private final RunLocation runOn;
    private final RunController runs;
    private final WorkQueue queue;
    private final Supplier<Path> runsFolder;
    private final Clock clock;
    private final ReadOnlyStringWrapper cost = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper otherModel = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper memory = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper memoryParts = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper memoryWarning = new ReadOnlyStringWrapper("");
    private final ReadOnlyIntegerWrapper focusRequests = new ReadOnlyIntegerWrapper();
    private final Runnable estimate;
    private double secondsPerStep;
    private int asked;

    /**
     * @param selection layers to train
     * @param origin returns a selection together with its origin
     * @param runOn choice between this computer and a cluster
     * @param runsFolder parent of new run folders
     * @param clock clock for the names of run folders
     */
    public TrainingViewModel(
            StudySession session,
            Workbench workbench,
            TrainingForm form,
            ObservableValue<@Nullable LayerSelection> selection,
            Function<LayerSelection, SavedSelection> origin,
            RunLocation runOn,
            RunController runs,
            WorkQueue queue,
            FxExecutor ui,
            Supplier<Path> runsFolder,
            Clock clock) {
        this.session = session;
        this.workbench = workbench;
        this.form = form;
        this.selection = selection;
        this.origin = origin;
        this.runOn = runOn;
        this.runs = runs;
        this.runsFolder = runsFolder;
        this.clock = clock;
        this.queue = queue;
        estimate = ui.coalesced(this::estimate);
        form.fields().forEach(field -> {
            field.valueProperty().addListener((observable, was, is) -> validate());
            field.mistakeProperty().addListener((observable, was, is) -> validate());
        });
        selection.addListener((observable, was, is) -> validate());
        session.analysisProperty().addListener((observable, was, is) -> validate());
        runOn.placeProperty().addListener((observable, was, is) -> validate());
        runOn.mistakeProperty().addListener((observable, was, is) -> validate());
        session.modelProperty().addListener((observable, was, is) -> {
            secondsPerStep = 0;
            session.history().quietly(() -> {
                form.adapter().targetModules().set(List.of());
                form.adapter().targetParameters().set(List.of());
            });
            validate();
        });
        session.dataProperty().addListener((observable, was, is) -> validate());
        session.dataChangedProperty().addListener((observable, was, is) -> validate());
        validate();
    }

    /** Asks the view to move the keyboard focus to the first setting. */
    public void focusForm() {
        focusRequests.set(focusRequests.get() + 1);
    }

    /** Number of times that the keyboard focus was asked for. */
    ReadOnlyIntegerProperty focusRequestsProperty() {
        return focusRequests.getReadOnlyProperty();
    }

    /** Returns the settings of the form. */
    public TrainingForm form() {
        return form;
    }

    /** Returns the choice between this computer and a cluster. */
    public RunLocation runOn() {
        return runOn;
    }

    /** Estimated cost of the training, in one line; empty while something is missing. */
    public ReadOnlyStringProperty costProperty() {
        return cost.getReadOnlyProperty();
    }

    /** Estimated memory of the training, in one line; empty while it is not known. */
    public ReadOnlyStringProperty memoryProperty() {
        return memory.getReadOnlyProperty();
    }

    /** Parts of the estimated memory, one line per part; empty while they are not known. */
    public ReadOnlyStringProperty memoryPartsProperty() {
        return memoryParts.getReadOnlyProperty();
    }

    /** Warning that the training may not fit into memory, with settings that would fit; empty if it fits. */
    public ReadOnlyStringProperty memoryWarningProperty() {
        return memoryWarning.getReadOnlyProperty();
    }

    /** Remark that the layers were selected for another model; empty if there is nothing to say. */
    public ReadOnlyStringProperty otherModelProperty() {
        return otherModel.getReadOnlyProperty();
    }

    /** Reason why no training can start, in one sentence; empty if one can. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Binding that is true if everything that a training needs is available. */
    public BooleanBinding ready() {
        return mistake.isEmpty();
    }

    /** Binding that is true if data is open but there are no validation rows. Only sample tasks bring their own. */
    public BooleanBinding unmeasured() {
        return Bindings.createBooleanBinding(
                () -> {
                    OpenData data = session.dataProperty().get();
                    return data != null
                            && !DataSettings.isSample(data.settings().data())
                            && form.run().validation().get() == null;
                },
                session.dataProperty(),
                form.run().validation().valueProperty());
    }

    /** Returns the controller of the trainings. */
    public RunController work() {
        return runs;
    }

    /** Run on display. */
    public ObjectProperty<@Nullable RunEntry> runProperty() {
        return session.runProperty();
    }

    /** Open model. */
    public ObjectProperty<@Nullable OpenModel> modelProperty() {
        return session.modelProperty();
    }

    /** Layers to train. */
    public ObservableValue<@Nullable LayerSelection> selectionProperty() {
        return selection;
    }

    /** Starts a training of the selected layers, after the trainings that are running or queued. */
    public void train() {
        OpenModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        LayerSelection layers = selection.getValue();
        validate();
        if (!mistake.get().isEmpty() || model == null || data == null || layers == null) {
            return;
        }
        runs.problemProperty().set(null);
        String reason = origin.apply(layers).words(model.card().name());
        start(model, data, settings(layers).withLayers(layers.layers(), reason), layers);
    }

    private void start(OpenModel model, OpenData data, TrainingSettings settings, LayerSelection layers) {
        String proposed = "%s-%sof%s-%s"
                .formatted(
                        FileNames.plain(data.preview().name()),
                        layers.layers().size(),
                        layers.of(),
                        LocalDateTime.now(clock).format(STAMP));
        Path parent = runsFolder.get();
        String name = unused(parent, proposed);
        RunEntry run = new RunEntry(session.nextRun(), name, parent.resolve(name), layers.layers(), layers.of());
        String title =
                text("training.title", data.preview().name(), layers.layers().size(), layers.of());
        DataSettings rows = data.settings().withBatch(form.optimiser().batch().get());
        runs.begin(
                run,
                new RunController.Planned(
                        title, model, rows, settings, runOn.destination().orElse(null)),
                summary -> {
                    secondsPerStep = summary.secondsPerStep();
                    validate();
                });
    }

    /** Returns a name that no run has, for trainings that start in the same second, also in other windows. */
    private String unused(Path parent, String proposed) {
        String name = proposed;
        for (int number = 2; taken(name) || Files.exists(parent.resolve(name)); number++) {
            name = proposed + "-" + number;
        }
        return name;
    }

    private boolean taken(String name) {
        return session.runs().stream().anyMatch(run -> run.name().equals(name));
    }

    private void validate() {
        OpenModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        LayerSelection layers = selection.getValue();
        String found = missing(model, data, layers, runOn.placeProperty().get().isEmpty())
                .or(this::unread)
                .or(this::wrong)
                .or(() -> Optional.of(runOn.mistakeProperty().get()).filter(words -> !words.isEmpty()))
                .or(() -> unmatched(model, data, layers))
                .orElse("");
        mistake.set(found);
        cost.set(!found.isEmpty() || model == null || data == null || layers == null ? "" : cost(model, data, layers));
        otherModel.set(
                !found.isEmpty() || model == null || layers == null
                        ? ""
                        : origin.apply(layers)
                                .remark(text("selection.subject"), model.card().name())
                                .orElse(""));
        estimate.run();
    }

    /** Starts an estimate of the memory of the training. Results of earlier estimates are ignored from then on. */
    private void estimate() {
        int mine = ++asked;
        OpenModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        LayerSelection layers = selection.getValue();
        boolean elsewhere = !runOn.placeProperty().get().isEmpty();
        if (!mistake.get().isEmpty() || elsewhere || model == null || data == null || layers == null) {
            show(null);
            return;
        }
        DataSettings rows = data.settings().withBatch(form.optimiser().batch().get());
        TrainingSettings settings = settings(layers);
        int all = data.preview().size();
        queue.submit(Work.quiet("", progress -> TrainingMemory.estimate(workbench, model, rows, settings, all))
                .whenDone(found -> {
                    if (mine == asked) {
                        show(found);
                    }
                })
                // the training itself reports such an error
                .whenFailed(thrown -> {
                    LOG.debug("No estimate", thrown);
                    if (mine == asked) {
                        show(null);
                    }
                }));
    }

    private void show(@Nullable TrainingEstimate found) {
        memory.set(found == null ? "" : EstimateTexts.need(found));
        memoryParts.set(found == null ? "" : EstimateTexts.parts(found));
        memoryWarning.set(found == null ? "" : EstimateTexts.warning(found));
    }

    private Optional<String> unread() {
        return session.dataChangedProperty().get() ? Optional.of(text("data.changed")) : Optional.empty();
    }

    private Optional<String> wrong() {
        return form.mistake();
    }

    private static Optional<String> missing(
            @Nullable OpenModel model, @Nullable OpenData data, @Nullable LayerSelection layers, boolean here) {
        if (model == null) {
            return Optional.of(text("training.needs.model"));
        }
        if (here && model.card().memory().nothing()) {
            return Optional.of(text("training.needs.weights"));
        }
        if (data == null) {
            return Optional.of(text("training.needs.data"));
        }
        if (layers != null && layers.of() != model.card().layers()) {
            return Optional.of(
                    text("training.needs.same", layers.of(), model.card().layers()));
        }
        return layers == null || layers.layers().isEmpty()
                ? Optional.of(text("training.needs.layers"))
                : Optional.empty();
    }

    private Optional<String> unmatched(
            @Nullable OpenModel model, @Nullable OpenData data, @Nullable LayerSelection layers) {
        if (model != null && data != null && layers != null) {
            try {
                parameters(model, layers);
                settings(layers).validation(data.settings());
            } catch (UserException e) {
                return Optional.ofNullable(e.getMessage());
            }
        }
        return Optional.empty();
    }

    private String cost(OpenModel model, OpenData data, LayerSelection layers) {
        long steps = form.optimiser().steps(data.preview().size());
        long parameters = parameters(model, layers);
        String line = text("training.cost", NumberTexts.exact(steps), NumberTexts.bytes(parameters * BYTES_ON_DISK));
        return secondsPerStep > 0 && runOn.placeProperty().get().isEmpty()
                ? line + text("training.cost.time", NumberTexts.duration(steps * secondsPerStep))
                : line;
    }

    private long parameters(OpenModel model, LayerSelection layers) {
        return model.adapterParameters(
                layers.layers(), settings(layers).adapter().values());
    }

    /**
     * Returns the settings of the form for a selection. Linear maps that the selection names are the targets, with their ranks.
     *
     * @throws UserException if the form names other targets than a selection of linear maps
     */
    public TrainingSettings settings(LayerSelection layers) {
        TrainingSettings settings = form.settings(layers.layers());
        SelectedModules modules = layers.modules();
        return modules == null
                ? settings
                : settings.with(modules.settings(settings.adapter().values()));
    }
}
