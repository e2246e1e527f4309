package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.install.torch.LibtorchDownloadPlan;
import org.layerwise.install.torch.VerifiedLibraries;

/** Shows the devices of the engine and changes their set-up for the next start. */
public final class ComputeViewModel {

    private final Supplier<EngineFacts> engine;
    private final ComputeSetup setup;
    private final WorkQueue queue;
    private final FxExecutor ui;
    private final Dialogs dialogs;
    private final ReadOnlyObjectWrapper<@Nullable EngineFacts> facts = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<ComputeSettings> settings =
            new ReadOnlyObjectWrapper<>(ComputeSettings.usual());
    private final ObservableList<CheckResult> driver = FXCollections.observableArrayList();
    private final ObservableList<CheckResult> shownDriver = FXCollections.unmodifiableObservableList(driver);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<Double> fraction = new ReadOnlyObjectWrapper<>(Progress.UNKNOWN);
    private final ReadOnlyObjectWrapper<@Nullable VerifiedLibraries> accepted = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable LibtorchDownloadPlan> plan = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper changed = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private WorkQueue.@Nullable Handle running;
    private boolean announced;

    /**
     * Creates a view model that knows nothing yet.
     *
     * @param engine returns facts about the running engine; called on a background thread
     */
    public ComputeViewModel(
            Supplier<EngineFacts> engine, ComputeSetup setup, WorkQueue queue, FxExecutor ui, Dialogs dialogs) {
        this.engine = engine;
        this.setup = setup;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
    }

    /** Facts about the engine; null before they are known. */
    public ReadOnlyObjectProperty<@Nullable EngineFacts> factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** Compute settings for the next start. */
    public ReadOnlyObjectProperty<ComputeSettings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    /** Returns the results of the checks for an NVIDIA driver and GPU on this computer. */
    public ObservableList<CheckResult> driver() {
        return shownDriver;
    }

    /** Property that is true while libraries are checked or downloaded. */
    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Progress message of the current task. */
    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** Progress of the current task as a fraction; {@link Progress#UNKNOWN} if it is not known. */
    public ReadOnlyObjectProperty<Double> fractionProperty() {
        return fraction.getReadOnlyProperty();
    }

    /** Libraries that the last check accepted; null if there are none. */
    public ReadOnlyObjectProperty<@Nullable VerifiedLibraries> acceptedProperty() {
        return accepted.getReadOnlyProperty();
    }

    /** Files that a download would fetch; null before {@link #askDownload}. */
    public ReadOnlyObjectProperty<@Nullable LibtorchDownloadPlan> planProperty() {
        return plan.getReadOnlyProperty();
    }

    /** Property that is true if a setting was changed that takes effect at the next start. */
    public ReadOnlyBooleanProperty changedProperty() {
        return changed.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /**
     * Reads the facts when the engine is first needed, and notifies the user once if it does not run on the chosen
     * device.
     */
    public void watch(ObservableValue<?> model) {
        model.addListener((observable, was, is) -> {
            if (is != null && facts.get() == null) {
                refresh();
            }
        });
    }

    /** Reads the facts about the engine, the driver and the settings again. */
    public void refresh() {
        queue.submit(Work.quiet(text("compute.looking"), progress -> new Seen(engine.get(), setup.driver()))
                .whenDone(this::show)
                .whenFailed(thrown ->
                        problem.set(ReportedError.of(text("compute.looking.failed"), thrown, this::refresh))));
        queue.submit(Work.quiet(text("compute.looking"), progress -> setup.settings())
                .whenDone(settings::set)
                .whenFailed(thrown -> problem.set(ReportedError.of(text("compute.settings.failed"), thrown, null))));
    }

    private record Seen(EngineFacts facts, List<CheckResult> driver) {}

    private void show(Seen seen) {
        facts.set(seen.facts());
        driver.setAll(seen.driver());
        seen.facts().note().filter(note -> !announced).ifPresent(note -> {
            announced = true;
            dialogs.notify(text("compute.note.title"), note);
        });
    }

    /** Checks the libraries in a folder and, if they work, chooses them for the next start. */
    public void use(Path folder) {
        start(
                text("compute.checking"),
                progress -> setup.use(folder, progress),
                this::accept,
                text("compute.check.failed"),
                () -> use(folder));
    }

    /** Finds out which files a download would fetch. */
    public void askDownload() {
        start(text("compute.asking"), setup::planDownload, plan::set, text("compute.ask.failed"), this::askDownload);
    }

    /** Downloads the files of the plan, checks them and chooses them for the next start. */
    public void download() {
        LibtorchDownloadPlan wanted = plan.get();
        if (wanted != null) {
            start(
                    text("compute.fetching"),
                    progress -> setup.use(setup.download(wanted, progress), progress),
                    this::accept,
                    text("compute.fetch.failed"),
                    this::download);
        }
    }

    /** Cancels the current task. */
    public void cancel() {
        if (running != null) {
            running.stop();
        }
    }

    /** Chooses the libraries that are part of the program. */
    public void useProcessor() {
        save(setup::useProcessor);
        accepted.set(null);
    }

    /** Chooses a number of threads; empty for libtorch's default. */
    public void useThreads(OptionalInt threads) {
        if (!threads.equals(settings.get().threads())) {
            save(() -> setup.useThreads(threads));
        }
    }

    private void save(Runnable change) {
        problem.set(null);
        queue.submit(Work.quiet(text("compute.saving"), progress -> {
                    change.run();
                    return setup.settings();
                })
                .whenDone(this::chosen)
                .whenFailed(thrown -> problem.set(ReportedError.of(text("compute.save.failed"), thrown, null))));
    }

    private void accept(VerifiedLibraries libraries) {
        plan.set(null);
        accepted.set(libraries);
        queue.submit(Work.quiet(text("compute.looking"), progress -> setup.settings())
                .whenDone(this::chosen));
    }

    private void chosen(ComputeSettings now) {
        settings.set(now);
        changed.set(true);
    }

    private <T> void start(String title, Work.Body<T> body, Consumer<T> done, String failed, Runnable retry) {
        if (busy.get()) {
            return;
        }
        busy.set(true);
        problem.set(null);
        accepted.set(null);
        message.set("");
        fraction.set(Progress.UNKNOWN);
        running = queue.submit(Work.<T>remote(title, progress -> body.run(new Shown(progress)))
                .whenDone(result -> {
                    busy.set(false);
                    done.accept(result);
                })
                .whenFailed(thrown -> {
                    busy.set(false);
                    problem.set(ReportedError.of(failed, thrown, retry));
                })
                .whenCancelled(() -> busy.set(false)));
    }

    /** Reports progress to the list of tasks and to this pane. */
    private final class Shown implements Progress {

        private final Progress task;
        private final Runnable show;
        private volatile double done = UNKNOWN;
        private volatile String words = "";

        Shown(Progress task) {
            this.task = task;
            this.show = ui.coalesced(() -> {
                message.set(words);
                fraction.set(done);
            });
        }

        @Override
        public void report(double now, String said) {
            task.report(now, said);
            done = now;
            words = said;
            show.run();
        }

        @Override
        public boolean cancelled() {
            return task.cancelled();
        }
    }
}
