package org.layerwise.gui.cluster;

import static org.layerwise.gui.text.Messages.text;

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
import org.layerwise.base.Finding;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Clusters;
import org.layerwise.gui.tasks.Inbox;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.remote.Target;
import org.layerwise.remote.ssh.SshQuestions;

/** Edits and checks the registered clusters. */
public final class ClustersViewModel {

    private final Clusters clusters;
    private final SshQuestions questions;
    private final WorkQueue queue;
    private final Ui ui;
    private final Dialogs dialogs;
    private final ClusterForm form = new ClusterForm();
    private final ObservableList<Target> places = FXCollections.observableArrayList();
    private final ObservableList<Target> shownPlaces = FXCollections.unmodifiableObservableList(places);
    private final ReadOnlyObjectWrapper<@Nullable Target> edited = new ReadOnlyObjectWrapper<>();
    private final ObservableList<Finding> findings = FXCollections.observableArrayList();
    private final ObservableList<Finding> shownFindings = FXCollections.unmodifiableObservableList(findings);
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper("");
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();
    private WorkQueue.@Nullable Handle check;

    public ClustersViewModel(Clusters clusters, SshQuestions questions, WorkQueue queue, Ui ui, Dialogs dialogs) {
        this.clusters = clusters;
        this.questions = questions;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
    }

    /** Returns the registered clusters, in the order in which they were added. */
    public ObservableList<Target> places() {
        return shownPlaces;
    }

    /** Returns the form of the edited cluster. */
    ClusterForm form() {
        return form;
    }

    /** Returns the saved version of the edited cluster; null for a new cluster. */
    ReadOnlyObjectProperty<@Nullable Target> editedProperty() {
        return edited.getReadOnlyProperty();
    }

    /** Returns the results of the last check so far. */
    ObservableList<Finding> findings() {
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
    ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Reads the registered clusters again, which another program may have changed. */
    public void refresh() {
        queue.submit(Work.quiet("", progress -> clusters.places())
                .whenDone(this::show)
                .whenFailed(thrown -> problem.set(Problem.of(text("cluster.read.failed"), thrown, this::refresh))));
    }

    private void show(List<Target> found) {
        Target before = edited.get();
        if (!places.equals(found)) {
            places.setAll(found);
        }
        if (before != null && !found.contains(before)) {
            found.stream()
                    .filter(place -> place.name().equals(before.name()))
                    .findFirst()
                    .ifPresentOrElse(this::edit, this::add);
        } else if (before == null && !found.isEmpty() && form.name().get().isEmpty()) {
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
    void edit(Target place) {
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
        Target place;
        try {
            place = form.target();
        } catch (UserException e) {
            problem.set(Problem.of(text("cluster.save.failed"), e, null));
            return;
        }
        Target before = edited.get();
        problem.set(null);
        queue.submit(Work.quiet("", progress -> {
                    clusters.keep(place, before == null ? null : before.name());
                    return clusters.places();
                })
                .whenDone(found -> {
                    edited.set(place);
                    show(found);
                    dialogs.notify(text("cluster.saved"), text("cluster.saved.sentence", place.name()));
                })
                .whenFailed(thrown -> problem.set(Problem.of(text("cluster.save.failed"), thrown, null))));
    }

    /** Removes the edited cluster after a confirmation. */
    public void remove() {
        Target place = edited.get();
        if (place == null
                || !dialogs.confirm(
                        text("cluster.remove.title", place.name()),
                        text("cluster.remove.sentence"),
                        text("cluster.remove.yes"),
                        text("cluster.remove.no"))) {
            return;
        }
        queue.submit(Work.quiet("", progress -> {
                    clusters.remove(place.name());
                    return clusters.places();
                })
                .whenDone(found -> {
                    add();
                    show(found);
                })
                .whenFailed(thrown -> problem.set(Problem.of(text("cluster.remove.failed"), thrown, null))));
    }

    /** Checks the cluster in the form by running each step of a job. */
    public void check() {
        Target place;
        try {
            place = form.target();
        } catch (UserException e) {
            problem.set(Problem.of(text("cluster.check.failed"), e, null));
            return;
        }
        forgetCheck();
        Inbox<Finding> inbox = new Inbox<>(ui, findings::addAll);
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
                    return clusters.check(place, questions, said, finding -> {
                        if (!said.cancelled()) {
                            inbox.put(finding);
                        }
                    });
                })
                .whenDone(good -> end.accept(text(good ? "cluster.good" : "cluster.bad")))
                .whenFailed(thrown -> {
                    end.accept("");
                    problem.set(Problem.of(text("cluster.check.failed"), thrown, this::check));
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
