package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.CachedModelCard;

/** Models of the HuggingFace hub in the cache of this computer. */
public final class CacheViewModel {

    private final Workbench workbench;
    private final WorkQueue queue;
    private final ModelViewModel opener;
    private final ObservableList<CachedModelCard> models = FXCollections.observableArrayList();
    // kept in a field, because an unreferenced view of a list stops notifying its listeners
    private final ObservableList<CachedModelCard> shown = FXCollections.unmodifiableObservableList(models);
    private final ReadOnlyBooleanWrapper known = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper looking = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();

    /** @param opener opens the chosen model */
    public CacheViewModel(Workbench workbench, WorkQueue queue, ModelViewModel opener) {
        this.workbench = workbench;
        this.queue = queue;
        this.opener = opener;
    }

    /** Returns the models found by the last search. */
    public ObservableList<CachedModelCard> models() {
        return shown;
    }

    /** Property that is true after the first search; before that, an empty list means nothing. */
    public ReadOnlyBooleanProperty knownProperty() {
        return known.getReadOnlyProperty();
    }

    /** Property that is true while the cache is being searched. */
    public ReadOnlyBooleanProperty lookingProperty() {
        return looking.getReadOnlyProperty();
    }

    /** Problem of the last search; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Searches the cache again. */
    public void refresh() {
        if (looking.get()) {
            return;
        }
        looking.set(true);
        problem.set(null);
        queue.submit(Work.<List<CachedModelCard>>light(text("cache.looking"), progress -> workbench.cachedModels())
                .whenDone(found -> {
                    looking.set(false);
                    known.set(true);
                    models.setAll(found);
                })
                .whenFailed(thrown -> {
                    looking.set(false);
                    problem.set(ReportedError.of(text("cache.failed"), thrown, this::refresh));
                })
                .whenCancelled(() -> looking.set(false)));
    }

    /**
     * Opens a model from the cache at its commit, even if the hub has a newer one. Does nothing if the model is broken.
     */
    public void open(CachedModelCard model) {
        if (model.problem().isEmpty()) {
            opener.open(model.commit().isEmpty() ? model.reference() : model.id() + "@" + model.commit());
        }
    }
}
