package org.layerwise.gui.model;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.CachedModelCard;

/** The models of the HuggingFace hub that are on this machine. */
public final class CacheViewModel {

    private final Engine engine;
    private final WorkQueue queue;
    private final ModelViewModel opener;
    private final ObservableList<CachedModelCard> models = FXCollections.observableArrayList();
    // kept, because a view of a list that nobody holds stops telling its listeners
    private final ObservableList<CachedModelCard> shown = FXCollections.unmodifiableObservableList(models);
    private final ReadOnlyBooleanWrapper known = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper looking = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();

    /** @param opener opens what is chosen */
    public CacheViewModel(Engine engine, WorkQueue queue, ModelViewModel opener) {
        this.engine = engine;
        this.queue = queue;
        this.opener = opener;
    }

    /** What was there when it was last looked for. */
    public ObservableList<CachedModelCard> models() {
        return shown;
    }

    /** Whether it has been looked for at all: before that, an empty list means nothing. */
    public ReadOnlyBooleanProperty knownProperty() {
        return known.getReadOnlyProperty();
    }

    /** Whether it is being looked for. */
    public ReadOnlyBooleanProperty lookingProperty() {
        return looking.getReadOnlyProperty();
    }

    /** Why they could not be listed, null if they could. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Looks again. */
    public void refresh() {
        if (looking.get()) {
            return;
        }
        looking.set(true);
        problem.set(null);
        queue.submit(Work.<List<CachedModelCard>>light(text("cache.looking"), progress -> engine.cachedModels())
                .whenDone(found -> {
                    looking.set(false);
                    known.set(true);
                    models.setAll(found);
                })
                .whenFailed(thrown -> {
                    looking.set(false);
                    problem.set(Problem.of(text("cache.failed"), thrown, this::refresh));
                })
                .whenCancelled(() -> looking.set(false)));
    }

    /** Opens a model as it lies here, at its commit, even if the hub has a newer one; nothing happens if it is broken. */
    public void open(CachedModelCard model) {
        if (model.problem().isEmpty()) {
            opener.open(model.commit().isEmpty() ? model.reference() : model.id() + "@" + model.commit());
        }
    }
}
