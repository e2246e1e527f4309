package org.layerwise.gui.model;

import java.util.List;
import javafx.beans.Observable;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.layerwise.study.ComputeType;
import org.layerwise.study.Loading;
import org.layerwise.study.ModelSettings;

/** How the next model is opened: where, in which precision, and how much of it at a time. */
public final class OpenChoices {

    /** The device that the engine chooses. */
    public static final String AUTO = "auto";

    private final StringProperty device = new SimpleStringProperty(AUTO);
    private final ObservableList<String> devices = FXCollections.observableArrayList(AUTO);
    private final ObjectProperty<ComputeType> type = new SimpleObjectProperty<>(ComputeType.AUTO);
    private final ObjectProperty<Loading> loading = new SimpleObjectProperty<>(Loading.AUTO);

    /** Where the next model is loaded to: auto, cpu, cuda[:i]. */
    public StringProperty deviceProperty() {
        return device;
    }

    /** What can be chosen as device; all of them once the engine runs. */
    public ObservableList<String> devices() {
        return devices;
    }

    /** The type of numbers to compute in. */
    public ObjectProperty<ComputeType> typeProperty() {
        return type;
    }

    /** How much of the model is in memory at a time. */
    public ObjectProperty<Loading> loadingProperty() {
        return loading;
    }

    /** Chooses as settings say; a device that is not here is refused when the model is opened. */
    public void choose(ModelSettings settings) {
        if (!devices.contains(settings.device())) {
            devices.add(settings.device());
        }
        device.set(settings.device());
        type.set(settings.type());
        loading.set(settings.loading());
    }

    /** All choices, to listen to. */
    public List<Observable> parts() {
        return List.of(device, type, loading);
    }

    /** The choices for a model. */
    public ModelSettings settings(String model) {
        return new ModelSettings(model, device.get(), type.get(), loading.get());
    }

    /** The devices that there are, without taking the chosen one away while it is still there. */
    void offer(List<String> found) {
        devices.removeIf(known -> !AUTO.equals(known) && !found.contains(known));
        found.stream().filter(one -> !devices.contains(one)).forEach(devices::add);
    }
}
