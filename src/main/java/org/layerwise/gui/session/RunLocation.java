package org.layerwise.gui.session;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Optional;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;

/** Choice of where to run work: on this computer or on a cluster. Independent of the JavaFX toolkit. */
public final class RunLocation {

    private final ObservableList<Cluster> places;
    private final StringProperty place = new SimpleStringProperty("");
    private final IntegerProperty workers = new SimpleIntegerProperty(1);
    private final BooleanProperty gpu = new SimpleBooleanProperty();
    private final BooleanProperty fsdp = new SimpleBooleanProperty();
    private final StringProperty model = new SimpleStringProperty("");
    private String lastModel = "";
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");

    /**
     * Creates a choice of this computer.
     *
     * @param places registered clusters to choose from
     */
    public RunLocation(ObservableList<Cluster> places) {
        this.places = places;
        places.addListener((ListChangeListener<Cluster>) change -> validate());
        place.addListener((observable, was, is) -> validate());
        model.addListener((observable, was, is) -> validate());
    }

    private void validate() {
        if (wrongModel().isEmpty()) {
            lastModel = model.get().strip();
        }
        mistake.set(
                place.get().isEmpty() ? "" : target().isPresent() ? wrongModel() : text("run.on.gone", place.get()));
    }

    private String wrongModel() {
        return UserException.messageOf(this::how);
    }

    private RemoteOptions how() {
        return how(model.get().strip());
    }

    private RemoteOptions how(String there) {
        return new RemoteOptions(new WorkerCount(workers.get(), gpu.get()), there.isEmpty() ? null : there, fsdp.get());
    }

    /** Returns the clusters to choose from. */
    ObservableList<Cluster> places() {
        return places;
    }

    /** Returns the name of the cluster; empty for this computer. */
    public StringProperty placeProperty() {
        return place;
    }

    /** Returns the number of workers on Ray. */
    public IntegerProperty workersProperty() {
        return workers;
    }

    /** Returns the property that is true if each Ray worker gets a GPU. */
    public BooleanProperty gpuProperty() {
        return gpu;
    }

    /** Returns the property that is true if the workers shard the weights (FSDP). */
    public BooleanProperty fsdpProperty() {
        return fsdp;
    }

    /**
     * Returns the folder or Hugging Face id of the model on the cluster; empty for the same name or path as on this
     * computer.
     */
    public StringProperty modelProperty() {
        return model;
    }

    /** Returns the mistake in the choice; empty if the choice is valid. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Returns a binding that is true if a cluster is chosen. */
    public BooleanBinding elsewhere() {
        return place.isNotEmpty();
    }

    /** Returns a binding that is true if a Ray cluster is chosen, whose number of workers is part of the choice. */
    public BooleanBinding ray() {
        return Bindings.createBooleanBinding(
                () -> target().filter(Cluster.Ray.class::isInstance).isPresent(), place, places);
    }

    /** Returns the chosen cluster with its options; empty for this computer. */
    public Optional<RemoteDestination> destination() {
        return place.get().isEmpty() ? Optional.empty() : Optional.of(new RemoteDestination(place.get(), how()));
    }

    /**
     * Returns the current choice, even if the cluster is not registered; null for this computer. While the text for the
     * model's location is invalid, the last valid one is used.
     */
    public @Nullable RemoteDestination chosen() {
        return place.get().isEmpty() ? null : new RemoteDestination(place.get(), how(lastModel));
    }

    /**
     * Chooses a cluster, registered or not.
     *
     * @param to cluster with its options; null for this computer
     */
    public void choose(@Nullable RemoteDestination to) {
        RemoteOptions how = to == null ? RemoteOptions.by(new WorkerCount(1, false)) : to.how();
        workers.set(how.workers().count());
        gpu.set(how.workers().gpu());
        fsdp.set(how.fsdp());
        model.set(how.model() == null ? "" : how.model());
        place.set(to == null ? "" : to.place());
    }

    /** Returns all properties of the choice, for listeners. */
    public List<Observable> parts() {
        return List.of(place, workers, gpu, fsdp, model);
    }

    private Optional<Cluster> target() {
        return places.stream().filter(one -> one.name().equals(place.get())).findFirst();
    }
}
