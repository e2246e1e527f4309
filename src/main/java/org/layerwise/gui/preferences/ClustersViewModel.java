package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.FxInbox;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.remote.Cluster;
import org.layerwise.study.cluster.ClusterAccess;

/** Edits and checks the registered clusters. */
public final class ClustersViewModel {

    private final ClusterAccess clusters;
    private final WorkQueue queue;
    private final FxExecutor ui;
    private final Dialogs dialogs;
    private final ClusterForm form = new ClusterForm();
    private final ObservableList<Cluster> places = FXCollections.observableArrayList();
    private final ObservableList<Cluster> shownPlaces = FXCollections.unmodifiableObservableList(places);
    private final ReadOnlyObjectWrapper<@Nullable Cluster> edited = new ReadOnlyObjectWrapper<>();
    private final ObservableList<CheckResult> findings = FXCollections.observableArrayList();
    private final ObservableList<CheckResult> shownFindings = FXCollections.unmodifiableObservableList(findings);
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private WorkQueue.@Nullable Handle check;

    public ClustersViewModel(ClusterAccess clusters, WorkQueue queue, FxExecutor ui, Dialogs dialogs) {
        this.clusters = clusters;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
    }

    /** Returns the registered clusters, in the order in which they were added. */
    public ObservableList<Cluster> places() {
        return shownPlaces;
    }

    /** Returns the form of the edited cluster. */
    ClusterForm form() {
        return form;
    }

    /** Returns the saved version of the edited cluster; null for a new cluster. */
    ReadOnlyObjectProperty<@Nullable Cluster> editedProperty() {
        return edited.getReadOnlyProperty();
    }

    /** Returns the results of the last check so far. */
    ObservableList<CheckResult> findings() {
        return shownFindings;
    }

    /** Returns the property that is true while a check is running. */
    ReadOnlyBooleanProperty checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    /** Returns the current step of the check, or its result. */
    ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** Returns the last problem; null if there is none. */
    ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Reads the registered clusters again, which another program may have changed. */
    public void refresh() {
        queue.submit(Work.quiet("", progress -> clusters.registry().all())
                .whenDone(this::show)
                .whenFailed(
                        thrown -> problem.set(ReportedError.of(text("cluster.read.failed"), thrown, this::refresh))));
    }

    private void show(List<Cluster> found) {
        Cluster before = edited.get();
        if (!places.equals(found)) {
            places.setAll(found);
        }
        if (before != null && !found.contains(before)) {
            found.stream()
                    .filter(place -> place.name().equals(before.name()))
                    .findFirst()
                    .ifPresentOrElse(this::edit, this::add);
        } else if (before == null
                && !found.isEmpty()
                && form.of(ClusterForm.Part.NAME).get().isEmpty()) {
            edit(found.get(0));
        }
    }

    /** Starts a new cluster with an empty form. */
    public void add() {
        edited.set(null);
        form.clear();
        forgetCheck();
    }

    /** Edits a registered cluster. */
    void edit(Cluster place) {
        edited.set(place);
        form.fill(place);
        forgetCheck();
    }

    private void forgetCheck() {
        cancel();
        check = null; // later results of the old check are ignored
        checking.set(false);
        findings.clear();
        message.set("");
        problem.set(null);
    }

    /** Saves the cluster in the form. */
    public void save() {
        Cluster place;
        try {
            place = form.target();
        } catch (UserException e) {
            problem.set(ReportedError.of(text("cluster.save.failed"), e, null));
            return;
        }
        Cluster before = edited.get();
        problem.set(null);
        queue.submit(Work.quiet("", progress -> {
                    if (before == null) {
                        clusters.registry().add(place, false);
                    } else {
                        clusters.registry().replace(before.name(), place);
                    }
                    return clusters.registry().all();
                })
                .whenDone(found -> {
                    edited.set(place);
                    show(found);
                    dialogs.notify(text("cluster.saved"), text("cluster.saved.sentence", place.name()));
                })
                .whenFailed(thrown -> problem.set(ReportedError.of(text("cluster.save.failed"), thrown, null))));
    }

    /** Removes the edited cluster after a confirmation. */
    public void remove() {
        Cluster place = edited.get();
        if (place == null
                || !dialogs.confirm(
                        text("cluster.remove.title", place.name()),
                        text("cluster.remove.sentence"),
                        text("cluster.remove.yes"),
                        text("cluster.remove.no"))) {
            return;
        }
        queue.submit(Work.quiet("", progress -> {
                    clusters.registry().remove(place.name());
                    return clusters.registry().all();
                })
                .whenDone(found -> {
                    add();
                    show(found);
                })
                .whenFailed(thrown -> problem.set(ReportedError.of(text("cluster.remove.failed"), thrown, null))));
    }

    /** Checks the cluster in the form by running each step of a job. */
    public void check() {
        Cluster place;
        try {
            place = form.target();
        } catch (UserException e) {
            problem.set(ReportedError.of(text("cluster.check.failed"), e, null));
            return;
        }
        forgetCheck();
        FxInbox<CheckResult> inbox = new FxInbox<>(ui, findings::addAll);
        checking.set(true);
        message.set(text("cluster.checking"));
        WorkQueue.Handle[] mine = new WorkQueue.Handle[1];
        Consumer<String> end = words -> {
            if (mine[0] == check) {
                inbox.drain();
                checking.set(false);
                message.set(words);
            }
        };
        mine[0] = queue.submit(Work.remote(text("cluster.checking.of", place.name()), progress -> {
                    Progress said = new Said(progress);
                    return clusters.check(place, said, finding -> {
                        if (!said.cancelled()) {
                            inbox.put(finding);
                        }
                    });
                })
                .whenDone(good -> end.accept(text(good ? "cluster.good" : "cluster.bad")))
                .whenFailed(thrown -> {
                    end.accept("");
                    problem.set(ReportedError.of(text("cluster.check.failed"), thrown, this::check));
                })
                .whenCancelled(() -> end.accept(text("cluster.check.stopped"))));
        check = mine[0];
    }

    /** Stops the check. */
    void cancel() {
        if (check != null && checking.get()) {
            check.stop();
        }
    }

    /** Progress that shows the current step of the check. */
    private final class Said implements Progress {
        private final Progress whole;

        Said(Progress whole) {
            this.whole = whole;
        }

        @Override
        public void report(double fraction, String words) {
            whole.report(fraction, words);
            ui.run(() -> {
                if (checking.get() && !cancelled()) {
                    message.set(words);
                }
            });
        }

        @Override
        public boolean cancelled() {
            return whole.cancelled();
        }
    }
}
