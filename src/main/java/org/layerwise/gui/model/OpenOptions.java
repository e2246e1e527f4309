package org.layerwise.gui.model;

import java.util.List;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;

/** Choices for opening the next model: device, precision, loading mode and quantisation. */
public final class OpenOptions {

    /** Name of the automatic choice of a device. */
    public static final String AUTO = "auto";

    private final StringProperty device = new SimpleStringProperty(AUTO);
    private final ObservableList<String> devices = FXCollections.observableArrayList(AUTO);
    private final ObjectProperty<ComputeType> type = new SimpleObjectProperty<>(ComputeType.AUTO);
    private final ObjectProperty<Loading> loading = new SimpleObjectProperty<>(Loading.AUTO);
    private final ObjectProperty<WeightQuantization> quantization = new SimpleObjectProperty<>(WeightQuantization.NONE);
    private final BooleanProperty keeps = new SimpleBooleanProperty();

    /** Device of the next model: auto, cpu, cuda[:i]. */
    public StringProperty deviceProperty() {
        return device;
    }

    /** Returns the available devices; complete once the engine is running. */
    public ObservableList<String> devices() {
        return devices;
    }

    /** Data type of the computation. */
    public ObjectProperty<ComputeType> typeProperty() {
        return type;
    }

    /** Loading mode: the part of the model that is in memory at a time. */
    public ObjectProperty<Loading> loadingProperty() {
        return loading;
    }

    /** Form into which the linear maps are packed when the model is opened. */
    public ObjectProperty<WeightQuantization> quantizationProperty() {
        return quantization;
    }

    /** True to keep the packed matrices on disk. */
    public BooleanProperty keepsProperty() {
        return keeps;
    }

    /** Chooses the values of given settings. An unavailable device is refused only when the model is opened. */
    public void choose(ModelSettings settings) {
        if (!devices.contains(settings.device())) {
            devices.add(settings.device());
        }
        device.set(settings.device());
        type.set(settings.type());
        loading.set(settings.loading());
        quantization.set(settings.quantization());
        keeps.set(settings.keepsQuantized());
    }

    /** Returns all choices as observables. */
    public List<Observable> parts() {
        return List.of(device, type, loading, quantization, keeps);
    }

    /** Returns the settings for opening a model with these choices. */
    public ModelSettings settings(String model) {
        boolean kept = quantization.get() != WeightQuantization.NONE && keeps.get(); // a hidden box keeps its tick
        return new ModelSettings(model, device.get(), type.get(), loading.get(), quantization.get(), kept);
    }

    /** Sets the available devices. The chosen device stays in the list as long as it is available. */
    void offer(List<String> found) {
        devices.removeIf(known -> !AUTO.equals(known) && !found.contains(known));
        found.stream().filter(one -> !devices.contains(one)).forEach(devices::add);
    }
}
