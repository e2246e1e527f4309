package org.layerwise.gui.cluster;

import static org.layerwise.gui.text.Messages.text;

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
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.remote.Target;
import org.layerwise.remote.Workers;
import org.layerwise.study.Destination;
import org.layerwise.study.Elsewhere;

/** Where work is done: here, or on a cluster. Needs no toolkit. */
public final class RunOn {

    private final ObservableList<Target> places;
    private final StringProperty place = new SimpleStringProperty("");
    private final IntegerProperty workers = new SimpleIntegerProperty(1);
    private final BooleanProperty gpu = new SimpleBooleanProperty();
    private final BooleanProperty fsdp = new SimpleBooleanProperty();
    private final StringProperty model = new SimpleStringProperty("");
    private String lastModel = "";
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");

    /** @param places those that can be chosen */
    public RunOn(ObservableList<Target> places) {
        this.places = places;
        places.addListener((ListChangeListener<Target>) change -> judge());
        place.addListener((observable, was, is) -> judge());
        model.addListener((observable, was, is) -> judge());
    }

    /** Without any cluster. */
    public static RunOn here() {
        return new RunOn(FXCollections.observableArrayList());
    }

    private void judge() {
        if (wrongModel().isEmpty()) {
            lastModel = model.get().strip();
        }
        mistake.set(
                place.get().isEmpty() ? "" : target().isPresent() ? wrongModel() : text("run.on.gone", place.get()));
    }

    private String wrongModel() {
        try {
            how();
            return "";
        } catch (UserException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Elsewhere how() {
        return how(model.get().strip());
    }

    private Elsewhere how(String there) {
        return new Elsewhere(new Workers(workers.get(), gpu.get()), there.isEmpty() ? null : there, fsdp.get());
    }

    /** Those that can be chosen. */
    ObservableList<Target> places() {
        return places;
    }

    /** The name of the cluster; empty for this computer. */
    public StringProperty placeProperty() {
        return place;
    }

    /** How many workers there are, on Ray. */
    public IntegerProperty workersProperty() {
        return workers;
    }

    /** Whether each has a GPU, on Ray. */
    public BooleanProperty gpuProperty() {
        return gpu;
    }

    /** Whether the workers share the weights out. */
    public BooleanProperty fsdpProperty() {
        return fsdp;
    }

    /** How the model is found there; empty for the same as here. */
    public StringProperty modelProperty() {
        return model;
    }

    /** What is wrong with the choice; empty if nothing is. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Whether it is a cluster. */
    public BooleanBinding elsewhere() {
        return place.isNotEmpty();
    }

    /** Whether it is one whose workers are chosen here. */
    BooleanBinding ray() {
        return Bindings.createBooleanBinding(
                () -> target().filter(Target.Ray.class::isInstance).isPresent(), place, places);
    }

    /** The cluster; empty for this computer. */
    public Optional<Destination> destination() {
        return place.get().isEmpty() ? Optional.empty() : Optional.of(new Destination(place.get(), how()));
    }

    /**
     * The choice as it stands, whether or not the cluster is set up; null for this computer. While the place of the model cannot be
     * one, it is the last that could.
     */
    public @Nullable Destination chosen() {
        return place.get().isEmpty() ? null : new Destination(place.get(), how(lastModel));
    }

    /** Chooses a cluster, set up or not; null for this computer. */
    public void choose(@Nullable Destination to) {
        Elsewhere how = to == null ? Elsewhere.by(new Workers(1, false)) : to.how();
        workers.set(how.workers().count());
        gpu.set(how.workers().gpu());
        fsdp.set(how.fsdp());
        model.set(how.model() == null ? "" : how.model());
        place.set(to == null ? "" : to.place());
    }

    /** All that is chosen, to listen to. */
    public List<Observable> parts() {
        return List.of(place, workers, gpu, fsdp, model);
    }

    private Optional<Target> target() {
        return places.stream().filter(one -> one.name().equals(place.get())).findFirst();
    }
}
